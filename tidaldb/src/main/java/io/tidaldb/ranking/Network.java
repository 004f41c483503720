package io.tidaldb.ranking;

import java.util.function.IntUnaryOperator;
import org.roaringbitmap.RoaringBitmap;

/// What the users whom a user follows engaged with positively.
///
/// @param users how many users are in it
/// @param isCapped whether there were more than may be in it
/// @param items the slots of the items; not to be changed
/// @param members how many of the users have the item in a slot among their positives
public record Network(int users, boolean isCapped, RoaringBitmap items, IntUnaryOperator members) {}
