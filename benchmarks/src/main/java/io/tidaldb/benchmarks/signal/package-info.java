/// Measurements of the signal view without engine, log and disk.
package io.tidaldb.benchmarks.signal;
