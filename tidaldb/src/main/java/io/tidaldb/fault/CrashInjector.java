package io.tidaldb.fault;

/// Called at every [CrashPoint] by the thread that does the work. Free when off: a constant that
/// the JIT removes.
public interface CrashInjector {

  /// Does nothing.
  CrashInjector NONE = point -> {};

  /// May throw [SimulatedCrash] or halt the process.
  void reached(CrashPoint point);
}
