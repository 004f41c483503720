package io.tidaldb;

import io.tidaldb.engine.Engine;
import io.tidaldb.schema.Explanation;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.Query;
import io.tidaldb.schema.Results;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.tidalql.TidalQl;
import java.util.Map;
import java.util.function.Function;

/// The calls that ask for a ranked page, or why it is as it is.
///
/// A request can be built or written: `db.retrieve(Retrieve.items().sortBy(Sort.HOT))` and
/// `db.query("RETRIEVE items SORT BY hot")` are the same. A text's parameters are values, never
/// spliced into it.
abstract class QueryDoor extends RankingDoor {

  QueryDoor(Engine engine) {
    super(engine);
  }

  /// A ranked page.
  public Results retrieve(Retrieve request) {
    return engine.read(reads -> reads.retrieve(request));
  }

  /// A ranked page, asked for in TidalQL.
  ///
  /// @throws io.tidaldb.schema.QuerySyntaxException if the text cannot be understood, or names what
  ///   does not exist; it says where
  public Results query(String text) {
    return query(text, Map.of());
  }

  /// A ranked page, asked for in TidalQL.
  ///
  /// @param parameters values by name, without `$`; each must be named in the text
  /// @throws io.tidaldb.schema.QuerySyntaxException if the text cannot be understood, or names what
  ///   does not exist; it says where
  public Results query(String text, Map<String, ?> parameters) {
    return asked(text, parameters, query -> engine.read(reads -> reads.query(query)));
  }

  /// What a text asks about a query: its plan (`EXPLAIN`, or the query alone), what it does and
  /// drops (`EXPLAIN ANALYZE`), or what becomes of an item in it (`EXPLAIN ITEM 77 IN`).
  ///
  /// @throws io.tidaldb.schema.QuerySyntaxException if the text cannot be understood, or names what
  ///   does not exist; it says where
  public Explanation explain(String text) {
    return explain(text, Map.of());
  }

  /// What a text asks about a query.
  ///
  /// @param parameters values by name, without `$`; each must be named in the text
  /// @throws io.tidaldb.schema.QuerySyntaxException if the text cannot be understood, or names what
  ///   does not exist; it says where
  public Explanation explain(String text, Map<String, ?> parameters) {
    return asked(text, parameters, this::explain);
  }

  /// What is asked about a query; of a request alone its plan.
  public Explanation explain(Query query) {
    return engine.read(reads -> reads.explain(query));
  }

  private static <T> T asked(String text, Map<String, ?> parameters, Function<Query, T> answer) {
    var query = TidalQl.parse(text, parameters);
    try {
      return answer.apply(query);
    } catch (InvalidRequestException | NotFoundException e) {
      throw TidalQl.located(text, e);
    }
  }
}
