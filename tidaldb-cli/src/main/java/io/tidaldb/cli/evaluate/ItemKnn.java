package io.tidaldb.cli.evaluate;

import java.util.Arrays;

/// What is liked by the users who like what the user likes: Σ over the user's last 50 likes j of
/// C(i, j) / √((n(i) + 20)(n(j) + 20)), with C the users who like both and n those who like one.
final class ItemKnn implements Contender {

  private static final int LIKES = 50;
  private static final double SHRINK = 20;

  private CountRow[] together = new CountRow[1_024];
  private double[] scores = new double[1_024];

  @Override
  public String name() {
    return "item-kNN";
  }

  @Override
  public int rank(Past past, Past.Person user, long nanos, int[] best) {
    int itemCount = past.itemCount();
    if (scores.length < itemCount) {
      scores = new double[2 * itemCount];
    }
    Arrays.fill(scores, 0, itemCount, 0.0);
    for (int age = 0; age < Math.min(LIKES, user.likeCount()); age++) {
      int liked = user.like(age);
      row(liked).addTo(scores, Math.sqrt(past.likes(liked) + SHRINK));
    }
    for (int item = 0; item < itemCount; item++) {
      scores[item] /= Math.sqrt(past.likes(item) + SHRINK);
    }
    return Best.of(scores, itemCount, user.touched(), best);
  }

  @Override
  public void learn(Past past, Replay.Event event) {
    if (!past.isNewLike(event)) {
      return;
    }
    int known = past.number(event.item());
    int item = known < 0 ? past.itemCount() : known;
    var person = past.person(event.user());
    for (int age = 0; age < person.likeCount(); age++) {
      row(item).increment(person.like(age));
      row(person.like(age)).increment(item);
    }
  }

  private CountRow row(int item) {
    if (item >= together.length) {
      together = Arrays.copyOf(together, 2 * item);
    }
    if (together[item] == null) {
      together[item] = new CountRow();
    }
    return together[item];
  }
}
