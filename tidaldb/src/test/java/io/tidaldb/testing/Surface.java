package io.tidaldb.testing;

/// The surfaces of a database, as the matrix of crashes names them.
public enum Surface {
  SIGNALS,
  COHORTS,
  COLLECTIONS,
  CO_ENGAGEMENT,
  RELATIONS,
  SESSIONS,
  ENTITIES
}
