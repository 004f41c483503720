package io.tidaldb.search;

import io.tidaldb.schema.EmbeddingSlot;
import java.io.IOException;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.KnnVectorsWriter;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.index.SegmentReadState;
import org.apache.lucene.index.SegmentWriteState;

/// Lucene's graph format for vectors of up to 4,096 numbers: on disk it is what Lucene calls it, so
/// Lucene reads it by itself; only the limit at writing is lifted.
final class GraphFormat extends KnnVectorsFormat {

  private static final int NEIGHBOURS = 16;
  private static final int BEAM = 100;

  private final KnnVectorsFormat graph = new Lucene99HnswVectorsFormat(NEIGHBOURS, BEAM);

  private GraphFormat() {
    super("Lucene99HnswVectorsFormat");
  }

  /// Lucene's codec with this format.
  static Lucene104Codec codec() {
    var format = new GraphFormat();
    return new Lucene104Codec() {
      @Override
      public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
        return format;
      }
    };
  }

  @Override
  public KnnVectorsWriter fieldsWriter(SegmentWriteState state) throws IOException {
    return graph.fieldsWriter(state);
  }

  @Override
  public KnnVectorsReader fieldsReader(SegmentReadState state) throws IOException {
    return graph.fieldsReader(state);
  }

  @Override
  public int getMaxDimensions(String field) {
    return EmbeddingSlot.DIMENSIONS_MAX;
  }
}
