package io.tidaldb.verification;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.reflect.InvocationTargetException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Loads the database and its tests once more, with some steps broken. Everything else comes from
/// the usual loader, so an error thrown in there is an error here.
final class BrokenLoader extends ClassLoader {

  private final List<BrokenStep> steps;
  private final Map<BrokenStep, Integer> changes = new ConcurrentHashMap<>();

  /// @param steps what is broken; none loads everything as it is
  BrokenLoader(List<BrokenStep> steps) {
    super(BrokenLoader.class.getClassLoader());
    this.steps = List.copyOf(steps);
  }

  /// Runs a public static method without arguments of a class, loaded here; what it throws.
  Throwable failureOf(Class<?> campaign, String method) {
    try {
      loadClass(campaign.getName()).getMethod(method).invoke(null);
      return null;
    } catch (InvocationTargetException thrown) {
      return thrown.getCause();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /// How often each step was found where it should be.
  Map<BrokenStep, Integer> changes() {
    return new HashMap<>(changes);
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith("io.tidaldb.")) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      var loaded = findLoadedClass(name);
      return loaded == null ? define(name) : loaded;
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    byte[] bytes;
    try (var in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      bytes = in.readAllBytes();
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
    for (var step : steps) {
      if (step.isIn(name)) {
        bytes = broken(bytes, step);
      }
    }
    return defineClass(name, bytes, 0, bytes.length);
  }

  private byte[] broken(byte[] bytes, BrokenStep step) {
    var hierarchy = ClassHierarchyResolver.ofResourceParsing(getParent());
    var classFile = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(hierarchy));
    return classFile.transformClass(
        classFile.parse(bytes),
        ClassTransform.transformingMethodBodies(
            method -> step.isInMethod(method.methodName().stringValue()),
            (code, element) -> {
              if (step.change(code, element)) {
                changes.merge(step, 1, Integer::sum);
              }
            }));
  }
}
