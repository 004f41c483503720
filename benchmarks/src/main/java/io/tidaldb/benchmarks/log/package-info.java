/// Measurements of the log's codec without a disk.
package io.tidaldb.benchmarks.log;
