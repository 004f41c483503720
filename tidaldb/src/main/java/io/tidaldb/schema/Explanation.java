package io.tidaldb.schema;

/// What an explanation tells: a plan, what a query did and dropped, or what became of one item.
public sealed interface Explanation permits QueryPlan, QueryAnalysis, ItemVerdict {}
