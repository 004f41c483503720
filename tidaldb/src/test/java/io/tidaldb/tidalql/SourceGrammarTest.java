package io.tidaldb.tidalql;

import static io.tidaldb.tidalql.GrammarTest.reads;
import static io.tidaldb.tidalql.GrammarTest.refuses;

import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Source;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Sources of candidates as text.
class SourceGrammarTest {

  @Test
  void sources() {
    reads(
        "RETRIEVE items FROM ann(k:300, of:recent, exact:true), followed, scan(), new_items(n:5,"
            + " within:48h)",
        Retrieve.items()
            .from(
                new Source.Ann(300, Source.Toward.RECENT, "content", true),
                new Source.Followed(200, Duration.ofDays(30)),
                new Source.Scan(),
                new Source.NewItems(5, Duration.ofDays(2))));
    reads(
        "RETRIEVE items FROM signal_head(signal:view), co_engagement(of:seed, seeds:3), affinity,"
            + " interests, recent_match(n:7)",
        Retrieve.items()
            .from(
                Source.SignalHead.fastest("view", 200),
                new Source.CoEngagement(200, Source.Of.SEED, 3),
                new Source.Affinity(200, Duration.ofDays(30)),
                new Source.Interests(200),
                new Source.RecentMatch(7)));
    refuses("RETRIEVE items FROM folowed", "folowed");
    refuses("RETRIEVE items FROM scan(n:5)", "n");
    refuses("RETRIEVE items FROM ann(n:5)", "n");
    refuses("RETRIEVE items FROM ann(k:1.5)", "1.5");
    refuses("RETRIEVE items FROM ann(of:seeds)", "seeds");
    refuses("RETRIEVE items FROM ann(exact:5)", "5");
    refuses("RETRIEVE items FROM signal_head(n:5)", "signal_head");
    refuses("RETRIEVE items FROM signal_head(signal:view, window:2h)", "2h");
    refuses("RETRIEVE items FROM followed(within:5)", "5");
  }
}
