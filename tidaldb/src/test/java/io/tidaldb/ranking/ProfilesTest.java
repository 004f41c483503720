package io.tidaldb.ranking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.log.Event;
import io.tidaldb.log.PageView.PageKey;
import io.tidaldb.schema.Feature;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.LimitExceededException;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.Profile;
import java.nio.charset.StandardCharsets;
import java.util.NavigableMap;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Saved profiles: versions, limits, pages.
class ProfilesTest {

  private final Profiles profiles = new Profiles();
  private long position;

  private int save(String name, double weight) {
    int version = profiles.nextVersion(name);
    var profile = Profile.named(name).term(new Feature.Random(), weight).build();
    profiles.apply(
        ++position, new Event.ProfileSaved(0, version, name, ProfileJson.toJson(profile), null));
    profiles.publish(position);
    return version;
  }

  private void drop(String name, int version) {
    profiles.requireDroppable(name, version);
    profiles.apply(++position, new Event.ProfileDropped(0, version, name, null));
    profiles.publish(position);
  }

  private double weight(Profiles view, String name, OptionalInt version) {
    return view.catalog().find(name, version).score().getFirst().weight();
  }

  @Test
  void theNewestVersionIsTheDefaultAndOldOnesStay() {
    assertThat(save("mine", 1)).isEqualTo(1);
    assertThat(save("mine", 2)).isEqualTo(2);
    assertThat(weight(profiles, "mine", OptionalInt.empty())).isEqualTo(2);
    assertThat(weight(profiles, "mine", OptionalInt.of(1))).isEqualTo(1);
    assertThat(profiles.catalog().find("mine", OptionalInt.empty()).version()).isEqualTo(2);
  }

  @Test
  void aBuiltInNameGoesOnWithVersionTwo() {
    assertThat(save("trending", 1)).isEqualTo(2);
    assertThat(profiles.catalog().versions("trending")).containsOnlyKeys(1, 2);
    drop("trending", 2);
    assertThat(profiles.catalog().find("trending", OptionalInt.empty()).version()).isEqualTo(1);
    assertThatThrownBy(() -> profiles.requireDroppable("trending", 1))
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void aDroppedVersionNeverReturns() {
    save("mine", 1);
    save("mine", 2);
    drop("mine", 2);
    assertThat(weight(profiles, "mine", OptionalInt.empty())).isEqualTo(1);
    assertThat(save("mine", 3)).isEqualTo(3);
    drop("mine", 1);
    drop("mine", 3);
    assertThatThrownBy(() -> profiles.catalog().find("mine", OptionalInt.empty()))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> profiles.requireDroppable("mine", 3))
        .isInstanceOf(NotFoundException.class);
    assertThat(profiles.nextVersion("mine")).isEqualTo(4);
    assertThat(loaded(pages(true)).nextVersion("mine")).isEqualTo(4);
  }

  @Test
  void namesAndVersionsHaveLimits() {
    for (int i = 0; i < ProfileRules.VERSIONS_MAX; i++) {
      save("mine", 1);
    }
    assertThatThrownBy(() -> profiles.nextVersion("mine"))
        .isInstanceOf(LimitExceededException.class)
        .hasMessageContaining("limit=100 actual=101");
    for (int i = 1; i < ProfileRules.NAMES_MAX; i++) {
      profiles.apply(++position, new Event.ProfileSaved(0, 1, "n" + i, "{}", null));
    }
    assertThatThrownBy(() -> profiles.nextVersion("one_more"))
        .isInstanceOf(LimitExceededException.class)
        .hasMessageContaining("limit=1000 actual=1001");
  }

  @Test
  void whatWasFrozenIsLoadedAgain() {
    save("mine", 1);
    save("mine", 2);
    save("other", 3);
    drop("mine", 1);
    var again = loaded(pages(true));
    assertThat(again.catalog().names()).isEqualTo(profiles.catalog().names());
    assertThat(weight(again, "mine", OptionalInt.empty())).isEqualTo(2);
    assertThat(weight(again, "other", OptionalInt.of(1))).isEqualTo(3);
    assertThat(again.loadedPosition()).isEqualTo(position);
    assertThat(frozen(again, true)).containsOnlyKeys(pages(true).keySet());
  }

  @Test
  void onlyWhatChangedIsFrozenUntilItIsCommitted() {
    save("mine", 1);
    profiles.freeze(false).committed();
    assertThat(pages(false)).isEmpty();
    save("other", 1);
    var failed = profiles.freeze(false);
    assertThat(failed.count()).isEqualTo(2);
    drop("mine", 1);
    failed.abandoned();
    var pages = pages(false);
    assertThat(pages).hasSize(4);
    assertThat(pages.get(new PageKey(0, 1, 0))).isEmpty();
  }

  @Test
  void damagedPagesAreRefused() {
    var view = new Profiles();
    view.load(new PageKey(0, 1, 0), "{}".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> view.loaded(1)).isInstanceOf(IllegalArgumentException.class);
    var other = new Profiles();
    other.load(new PageKey(0, 0, 0), new byte[3]);
    assertThatThrownBy(() -> other.loaded(1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void foldingNeverFailsAndVerifyReports() {
    profiles.apply(1, new Event.ProfileSaved(0, 1, "broken", "nonsense", null));
    profiles.publish(1);
    assertThatThrownBy(() -> profiles.catalog().find("broken", OptionalInt.empty()))
        .isInstanceOf(NotFoundException.class);
    assertThat(profiles.verify()).singleElement().asString().contains("broken@1");
    profiles.clear();
    assertThat(profiles.verify()).isEmpty();
  }

  private NavigableMap<PageKey, byte[]> pages(boolean all) {
    return frozen(profiles, all);
  }

  private static NavigableMap<PageKey, byte[]> frozen(Profiles view, boolean all) {
    var pages = new TreeMap<PageKey, byte[]>();
    view.freeze(all).forEach(pages::put);
    return pages;
  }

  private Profiles loaded(NavigableMap<PageKey, byte[]> pages) {
    var view = new Profiles();
    pages
        .descendingMap()
        .forEach(
            (key, content) -> {
              if (content.length > 0) {
                view.load(key, content);
              }
            });
    view.loaded(position);
    return view;
  }
}
