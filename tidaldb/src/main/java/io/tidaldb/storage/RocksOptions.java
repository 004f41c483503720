package io.tidaldb.storage;

import com.google.errorprone.annotations.Var;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.rocksdb.AbstractNativeReference;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Logger;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksObject;
import org.rocksdb.WriteOptions;
import org.slf4j.LoggerFactory;

/// Every native option object of one open RocksDB, made together and closed together.
///
/// The sizes suit a machine with two cores that also holds the views in memory: two background
/// threads, a small cache, memtables of 32 MiB in all.
final class RocksOptions implements AutoCloseable {

  private static final long MEMTABLE_BYTES = 32L << 20;

  /// Four shards: one writer and few readers do not contend, and a shard must hold any block.
  private static final int SHARD_BITS = 2;

  /// The share of the cache that rows cannot take from indexes and filters.
  private static final double INDEX_SHARE = 0.5;

  private static final int INDEX_PIECE_BYTES = 4_096;
  private static final long LOG_FILE_BYTES = 1L << 20;

  /// In the order in which they were made; closed backwards.
  private final List<AbstractNativeReference> owned = new ArrayList<>();

  final DBOptions database;
  final ColumnFamilyOptions table;
  final WriteOptions write;
  final ReadOptions read;
  final FlushOptions flush;

  RocksOptions(long cacheBytes, boolean readOnly) {
    RocksDB.loadLibrary();
    database = own(new DBOptions());
    database
        .setCreateIfMissing(!readOnly)
        .setCreateMissingColumnFamilies(!readOnly)
        .setParanoidChecks(true)
        // One flush covers all column families, so that a batch is never durable in part.
        .setAtomicFlush(true)
        // Without RocksDB's log, closing would flush. But closing must not make durable what
        // nobody flushed: the engine closes after a simulated crash too.
        .setAvoidFlushDuringShutdown(true)
        .setMaxBackgroundJobs(2)
        .setDbWriteBufferSize(MEMTABLE_BYTES)
        .setStatsDumpPeriodSec(0)
        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
        .setMaxLogFileSize(LOG_FILE_BYTES)
        .setKeepLogFileNum(2);
    if (readOnly) {
      // RocksDB would otherwise create its log file in the directory that must stay untouched.
      database.setLogger(own(new Forwarder()));
    }
    var blocks =
        new BlockBasedTableConfig()
            .setBlockCache(own(new LRUCache(cacheBytes, SHARD_BITS, false, INDEX_SHARE)))
            .setFilterPolicy(own(new BloomFilter(10)))
            // In pieces, or the index of a large file would fit into no shard of the cache and be
            // read again for every row.
            .setIndexType(IndexType.kTwoLevelIndexSearch)
            .setPartitionFilters(true)
            .setMetadataBlockSize(INDEX_PIECE_BYTES)
            .setPinTopLevelIndexAndFilter(true)
            .setCacheIndexAndFilterBlocks(true)
            .setCacheIndexAndFilterBlocksWithHighPriority(true)
            .setPinL0FilterAndIndexBlocksInCache(true);
    table = own(new ColumnFamilyOptions());
    table
        .setTableFormatConfig(blocks)
        .setWriteBufferSize(MEMTABLE_BYTES / 2)
        .setCompressionType(CompressionType.LZ4_COMPRESSION)
        .setForceConsistencyChecks(true);
    write = own(new WriteOptions());
    write.setDisableWAL(true);
    read = own(new ReadOptions());
    read.setVerifyChecksums(true);
    flush = own(new FlushOptions());
    flush.setWaitForFlush(true).setAllowWriteStall(true);
  }

  /// RocksDB's own column family, which stays empty, then one per keyspace in their order.
  List<ColumnFamilyDescriptor> tables() {
    List<ColumnFamilyDescriptor> tables = new ArrayList<>();
    tables.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, table));
    for (Keyspace keyspace : Keyspace.values()) {
      tables.add(
          new ColumnFamilyDescriptor(keyspace.name().getBytes(StandardCharsets.US_ASCII), table));
    }
    return tables;
  }

  @Override
  public void close() {
    for (@Var int i = owned.size() - 1; i >= 0; i--) {
      owned.get(i).close();
    }
    owned.clear();
  }

  private <T extends RocksObject> T own(T object) {
    owned.add(object);
    return object;
  }

  private Forwarder own(Forwarder logger) {
    owned.add(logger);
    return logger;
  }

  /// RocksDB's own messages, in the program's log.
  private static final class Forwarder extends Logger {

    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(RocksDbBackend.class);

    Forwarder() {
      super(InfoLogLevel.WARN_LEVEL);
    }

    @Override
    protected void log(InfoLogLevel level, String message) {
      LOG.debug("RocksDB says: level={} message={}", level, message);
    }
  }
}
