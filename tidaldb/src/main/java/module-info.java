/// TidalDB: an embeddable database that answers which content a user should see, in what order.
@org.jspecify.annotations.NullMarked
module io.tidaldb {
  requires static transitive com.google.errorprone.annotations;
  requires static transitive org.jspecify;
  requires org.apache.commons.codec;
  requires org.apache.lucene.core;
  requires org.slf4j;
  requires rocksdbjni;
  requires roaringbitmap;
  requires tools.jackson.databind;

  exports io.tidaldb;
  exports io.tidaldb.schema;
  exports io.tidaldb.tidalql;
}
