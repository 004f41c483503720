package io.tidaldb.testing;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Scripts as text, one step a line: the record's name, then its components in order, separated by
/// blanks; a list is its length and its elements. What one process writes another reads.
public final class StepText {

  private static final Map<String, Class<?>> RECORDS =
      Stream.of(Step.class, Rule.class)
          .flatMap(family -> Arrays.stream(family.getPermittedSubclasses()))
          .collect(Collectors.toMap(Class::getSimpleName, Function.identity()));

  private StepText() {}

  /// A step as a line.
  public static String line(Step step) {
    var words = new ArrayList<String>();
    write(step, words);
    return String.join(" ", words);
  }

  /// The step of a line.
  public static Step parse(String line) {
    Deque<String> words = new ArrayDeque<>(List.of(line.split(" ", -1)));
    var step = (Step) read(Step.class, words);
    if (!words.isEmpty()) {
      throw new IllegalArgumentException("more than a step: " + line);
    }
    return step;
  }

  private static void write(Object value, List<String> words) {
    switch (value) {
      case Record record -> {
        words.add(record.getClass().getSimpleName());
        for (var component : record.getClass().getRecordComponents()) {
          write(component(record, component), words);
        }
      }
      case List<?> list -> {
        words.add(Integer.toString(list.size()));
        list.forEach(element -> write(element, words));
      }
      case Enum<?> constant -> words.add(constant.name());
      // A prefix, so that an empty text is a word too.
      case String text -> words.add("'" + URLEncoder.encode(text, StandardCharsets.UTF_8));
      default -> words.add(value.toString());
    }
  }

  private static Object component(Record record, RecordComponent component) {
    try {
      return component.getAccessor().invoke(record);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Object read(Class<?> type, Deque<String> words) {
    var word = words.removeFirst();
    if (type == Step.class || type == Rule.class) {
      return record(RECORDS.get(word), words);
    }
    if (type == List.class) {
      var list = new ArrayList<Object>();
      for (int left = Integer.parseInt(word); left > 0; left--) {
        list.add(read(Step.class, words));
      }
      return list;
    }
    if (type == String.class) {
      return URLDecoder.decode(word.substring(1), StandardCharsets.UTF_8);
    }
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .filter(constant -> ((Enum<?>) constant).name().equals(word))
          .findFirst()
          .orElseThrow();
    }
    return number(type, word);
  }

  private static Object number(Class<?> type, String word) {
    if (type == long.class) {
      return Long.valueOf(word);
    }
    if (type == int.class) {
      return Integer.valueOf(word);
    }
    if (type == double.class) {
      return Double.valueOf(word);
    }
    if (type == boolean.class) {
      return Boolean.valueOf(word);
    }
    throw new IllegalArgumentException("unknown type of a component: " + type);
  }

  private static Object record(Class<?> type, Deque<String> words) {
    var components = type.getRecordComponents();
    var types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    var values = new ArrayList<Object>();
    for (var component : types) {
      values.add(read(component, words));
    }
    try {
      return type.getDeclaredConstructor(types).newInstance(values.toArray());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("not a record of a script: " + type, e);
    }
  }
}
