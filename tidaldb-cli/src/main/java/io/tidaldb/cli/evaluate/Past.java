package io.tidaldb.cli.evaluate;

import io.tidaldb.schema.EntityId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What has happened so far: the items in the order of their first appearance, what each user has
/// touched, and what each user liked.
public final class Past {

  /// What is known of a user.
  public static final class Person {
    private final EntityId id;
    private final BitSet touched = new BitSet();
    private final List<EntityId> touchedIds = new ArrayList<>();
    private int[] likes = new int[8];
    private int likeCount;

    private Person(EntityId id) {
      this.id = id;
    }

    /// The user.
    public EntityId id() {
      return id;
    }

    /// Numbers of the items that the user has done anything to.
    public BitSet touched() {
      return touched;
    }

    /// The same items, first touched first.
    public List<EntityId> touchedIds() {
      return touchedIds;
    }

    /// Distinct items that the user likes.
    public int likeCount() {
      return likeCount;
    }

    /// The number of an item that the user likes, by age: 0 is the newest.
    public int like(int age) {
      return likes[likeCount - 1 - age];
    }
  }

  private final Map<EntityId, Integer> numbers = new HashMap<>();
  private final List<EntityId> items = new ArrayList<>();
  private final Map<EntityId, Person> people = new HashMap<>();
  private int[] likes = new int[1_024];
  private int likers;

  /// Items that have appeared.
  public int itemCount() {
    return items.size();
  }

  /// The item with a number: they count in the order of first appearance.
  public EntityId item(int number) {
    return items.get(number);
  }

  /// An item's number, −1 before its first appearance.
  public int number(EntityId item) {
    return numbers.getOrDefault(item, -1);
  }

  /// What is known of a user.
  public Person person(EntityId user) {
    return people.computeIfAbsent(user, Person::new);
  }

  /// Users who like an item.
  public int likes(int item) {
    return item < likes.length ? likes[item] : 0;
  }

  /// Users who like any item.
  public int likers() {
    return likers;
  }

  /// Whether a user likes an item for the first time, having touched it never before.
  public boolean isNewLike(Replay.Event event) {
    int item = number(event.item());
    return event.positive() && (item < 0 || !person(event.user()).touched.get(item));
  }

  /// Takes in an event.
  public void apply(Replay.Event event) {
    boolean liked = isNewLike(event);
    int item = numbers.computeIfAbsent(event.item(), _ -> items.size());
    if (item == items.size()) {
      items.add(event.item());
    }
    var person = person(event.user());
    if (!person.touched.get(item)) {
      person.touched.set(item);
      person.touchedIds.add(event.item());
    }
    if (liked) {
      if (person.likeCount == person.likes.length) {
        person.likes = Arrays.copyOf(person.likes, 2 * person.likeCount);
      }
      likers += person.likeCount == 0 ? 1 : 0;
      person.likes[person.likeCount++] = item;
      if (item >= likes.length) {
        likes = Arrays.copyOf(likes, Math.max(item + 1, 2 * likes.length));
      }
      likes[item]++;
    }
  }
}
