package io.tidaldb.testing;

import io.tidaldb.schema.Visibility;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// Collections as plain lists: what the real ones are compared with. Single-threaded.
public final class ModelCollections {

  /// An item in a collection.
  public record Member(long item, long addedNanos) {}

  /// A collection.
  public static final class Shelf {

    private final long id;
    private final long owner;
    private final long createdNanos;
    private final List<Member> members = new ArrayList<>();
    private final TreeSet<Long> shares = new TreeSet<>(Long::compareUnsigned);
    private String name;
    private Visibility visibility;

    private Shelf(long id, long owner, String name, Visibility visibility, long createdNanos) {
      this.id = id;
      this.owner = owner;
      this.name = name;
      this.visibility = visibility;
      this.createdNanos = createdNanos;
    }

    /// Its number, from 1 and never used again.
    public long id() {
      return id;
    }

    /// Whose it is.
    public long owner() {
      return owner;
    }

    /// Unique among the owner's.
    public String name() {
      return name;
    }

    /// Who may see it.
    public Visibility visibility() {
      return visibility;
    }

    /// When it was made.
    public long createdNanos() {
      return createdNanos;
    }

    /// In order.
    public List<Member> members() {
      return List.copyOf(members);
    }

    /// The items, in order.
    public List<Long> items() {
      return members.stream().map(Member::item).toList();
    }

    /// Users it is shared with.
    public List<Long> shares() {
      return List.copyOf(shares);
    }

    /// Whether an item is a member.
    public boolean holds(long item) {
      return items().contains(item);
    }

    private int indexOf(long item) {
      return items().indexOf(item);
    }
  }

  private final SortedMap<Long, Shelf> shelves = new TreeMap<>();
  private long lastId;

  /// All that exist, by id.
  public List<Shelf> all() {
    return List.copyOf(shelves.values());
  }

  /// An owner's, by id.
  public List<Shelf> of(long owner) {
    return shelves.values().stream().filter(shelf -> shelf.owner == owner).toList();
  }

  /// One of them.
  ///
  /// @throws Refusal if there is none with this id
  public Shelf shelf(long id) {
    var shelf = shelves.get(id);
    if (shelf == null) {
      throw new Refusal("NotFoundException");
    }
    return shelf;
  }

  /// The id that the next one gets.
  public long nextId() {
    return lastId + 1;
  }

  /// A new one; its id.
  public long create(long owner, String name, Visibility visibility, long now) {
    requireFree(owner, name);
    long id = ++lastId;
    shelves.put(id, new Shelf(id, owner, name, visibility, now));
    return id;
  }

  private void requireFree(long owner, String name) {
    if (of(owner).stream().anyMatch(shelf -> shelf.name.equals(name))) {
      throw new Refusal("NAME_TAKEN");
    }
  }

  /// Puts an item at an index, −1 for the end; false if it is a member already.
  public boolean add(long id, long item, int index, long now) {
    var shelf = shelf(id);
    if (shelf.holds(item)) {
      return false;
    }
    shelf.members.add(index < 0 ? shelf.members.size() : index, new Member(item, now));
    return true;
  }

  /// Takes an item out; false if it is no member.
  public boolean remove(long id, long item) {
    return shelf(id).members.removeIf(member -> member.item == item);
  }

  /// Puts a member at an index; false if it is none.
  public boolean move(long id, long item, int index) {
    var shelf = shelf(id);
    int from = shelf.indexOf(item);
    if (from < 0) {
      return false;
    }
    var member = shelf.members.remove(from);
    shelf.members.add(index < 0 ? shelf.members.size() : index, member);
    return true;
  }

  /// Gives it another name.
  public void rename(long id, String name) {
    var shelf = shelf(id);
    if (!shelf.name.equals(name)) {
      requireFree(shelf.owner, name);
      shelf.name = name;
    }
  }

  /// Lets others see it, or not.
  public void show(long id, Visibility visibility) {
    shelf(id).visibility = visibility;
  }

  /// Lets one user see it, or no more.
  public void share(long id, long user, boolean on) {
    var shelf = shelf(id);
    if (on) {
      shelf.shares.add(user);
    } else {
      shelf.shares.remove(user);
    }
  }

  /// It is gone.
  public void drop(long id) {
    shelves.remove(shelf(id).id);
  }

  /// The item is gone: out of every collection.
  public void itemDeleted(long item) {
    shelves.values().forEach(shelf -> shelf.members.removeIf(member -> member.item == item));
  }

  /// The user is gone: with every own collection and every share.
  public void userErased(long user) {
    shelves.values().removeIf(shelf -> shelf.owner == user);
    shelves.values().forEach(shelf -> shelf.shares.remove(user));
  }
}
