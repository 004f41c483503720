package io.tidaldb.ranking;

import io.tidaldb.schema.Diversity;
import io.tidaldb.schema.Feature;
import io.tidaldb.schema.Filter;
import io.tidaldb.schema.NotificationCaps;
import io.tidaldb.schema.Profile;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Source;
import io.tidaldb.schema.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Version 1 of the reserved names: every sort mode, and the profiles that rank without a user.
/// They are ordinary profiles; an application may save version 2.
final class BuiltInProfiles {

  private static final Duration FRESH = Duration.ofDays(2);

  private BuiltInProfiles() {}

  /// All of them.
  static List<Profile> all() {
    var profiles = new ArrayList<Profile>();
    for (var sort : Sort.values()) {
      profiles.add(
          sort == Sort.TRENDING
              ? trending(Window.TWENTY_FOUR_HOURS)
              : Profile.named(sort.label()).sort(sort).build().withVersion(1));
    }
    profiles.add(forYou());
    profiles.add(related());
    profiles.add(cohortTrending());
    profiles.add(creatorsForYou());
    profiles.add(creatorPage());
    profiles.add(following());
    profiles.add(notification());
    return profiles;
  }

  /// A pure rate, without any cumulative term.
  static Profile trending(Window window) {
    return Profile.named("trending")
        .description("What is shared, viewed and newly reached faster than the rest")
        .window(window)
        .term(new Feature.Trending(window), 1)
        .build()
        .withVersion(1);
  }

  /// As `trending`; asked for a cohort it reads the signals of members.
  private static Profile cohortTrending() {
    return Profile.named("cohort_trending")
        .description("What members of a cohort share, view and reach faster than the rest")
        .window(Window.TWENTY_FOUR_HOURS)
        .term(new Feature.Trending(Window.TWENTY_FOUR_HOURS), 1)
        .build()
        .withVersion(1);
  }

  /// Around an item.
  private static Profile related() {
    return Profile.named("related")
        .description(
            "What is like the seeds, engaged with by the same users, moving, near the user")
        .window(Window.TWENTY_FOUR_HOURS)
        .source(Source.Ann.ofSeeds(200))
        .source(new Source.CoEngagement(200, Source.Of.SEED, 10))
        .term(new Feature.Similarity(), 0.50)
        .term(new Feature.CoEngagement(), 0.20)
        .term(new Feature.PreferenceMatch(), 0.15)
        .term(new Feature.Velocity("view", Window.TWENTY_FOUR_HOURS), 0.10)
        .term(new Feature.CreatorAffinity(), 0.05)
        .diversity(Diversity.NONE.maxPerCreator(3))
        .build()
        .withVersion(1);
  }

  /// Creators whom a user may come to like.
  private static Profile creatorsForYou() {
    return Profile.named("creators_for_you")
        .description("Creators near to what the user prefers, whose items are viewed")
        .window(Window.SEVEN_DAYS)
        .source(Source.Ann.ofPreference(200))
        .source(Source.SignalHead.fastest("view", 200))
        .term(new Feature.PreferenceMatch(), 0.50)
        .term(new Feature.Velocity("view", Window.SEVEN_DAYS), 0.30)
        .build()
        .withVersion(1);
  }

  /// The feed of a user: what follows what was liked last and is near to what is preferred, with
  /// what moves, is fresh and comes from liked creators; of somebody unknown, what trends, is
  /// finished and is fresh.
  private static Profile forYou() {
    var day = Window.TWENTY_FOUR_HOURS;
    return Profile.named("for_you")
        .description("What fits what the user liked, moves and is fresh")
        .window(day)
        .source(new Source.RecentMatch(200))
        .source(Source.Ann.ofPreference(200))
        .source(Source.SignalHead.fastest("view", 200))
        .source(new Source.Followed(200, Duration.ofDays(30)))
        .source(new Source.NewItems(100, Duration.ofDays(1)))
        .term(new Feature.RecentMatch(), 0.40)
        .term(new Feature.PreferenceMatch(), 0.25)
        .term(new Feature.Velocity("view", day), 0.10)
        .term(new Feature.Velocity("share", day), 0.07)
        .term(new Feature.Recency(FRESH), 0.10)
        .term(new Feature.CreatorAffinity(), 0.08)
        .cold(
            List.of(
                Source.SignalHead.fastest("share", 200),
                Source.SignalHead.fastest("view", 200),
                new Source.Interests(200),
                new Source.NewItems(100, Duration.ofDays(1))),
            List.of(
                new Profile.Term(new Feature.Recency(FRESH), 0.30),
                new Profile.Term(new Feature.Trending(day), 0.40),
                new Profile.Term(new Feature.CompletionRate(), 0.30)))
        .atLeast(new Feature.CompletionRate(), 0.02)
        .diversity(Diversity.NONE.maxPerCreator(2).formatMix(0.6))
        .explore(0.1)
        .build()
        .withVersion(1);
  }

  /// A creator's page: by taste; for somebody unknown, the most engaging of all time.
  private static Profile creatorPage() {
    return Profile.named("creator_page")
        .description("What fits the user, moves and is fresh; of somebody unknown, the best ever")
        .source(new Source.Scan())
        .term(new Feature.PreferenceMatch(), 0.50)
        .term(new Feature.Velocity("view", Window.SEVEN_DAYS), 0.30)
        .term(new Feature.Recency(Duration.ofDays(30)), 0.20)
        .cold(List.of(), Sort.TOP_ALL_TIME)
        .build()
        .withVersion(1);
  }

  /// What followed creators made, newest first.
  private static Profile following() {
    return Profile.named("following")
        .description("What followed creators made, newest first")
        .source(new Source.Followed(1_000, Duration.ofDays(30)))
        .sort(Sort.NEW)
        .build()
        .withVersion(1);
  }

  /// What is worth a notice: few, fresh, from creators that matter to the user.
  private static Profile notification() {
    var recent = Duration.ofDays(3);
    return Profile.named("notification")
        .description("What is worth a notice: few, fresh, from creators that matter to the user")
        .source(new Source.Followed(200, recent))
        .source(new Source.Affinity(200, recent))
        .term(new Feature.CreatorAffinity(), 0.40)
        .term(new Feature.Recency(Duration.ofHours(6)), 0.30)
        .term(new Feature.PreferenceMatch(), 0.20)
        .term(new Feature.Velocity("view", Window.ONE_HOUR), 0.10)
        .filter(Filter.unseen().and(Filter.field("created").within(recent)))
        .caps(NotificationCaps.of(2, 10))
        .build()
        .withVersion(1);
  }
}
