import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.hadoop.HadoopTables;
import org.apache.iceberg.io.CloseableIterable;

/** Tables of a bucket: reads one, or does what other writers do, a step at a time. */
public final class Tables {
  public static void main(String[] words) throws Exception {
    Configuration configuration = new Configuration(false);
    configuration.set("fs.s3.impl", FolderFileSystem.class.getName());
    configuration.set(FolderFileSystem.ROOT, words[0]);
    Table table = new HadoopTables(configuration).load(words[1]);
    for (int index = 2; index < words.length; index++) act(table, words[index]);
  }

  private static void act(Table table, String word) throws Exception {
    String[] parts = word.split("=", 2);
    switch (parts[0]) {
      case "rows" -> rows(table);
      case "files" -> files(table, parts[1]);
      case "append" -> append(table, parts[1]);
      case "rewrite" -> table.rewriteManifests().clusterBy(file -> "all").commit();
      case "expire" -> table.expireSnapshots().expireOlderThan(Long.MAX_VALUE).retainLast(1).commit();
      case "snapshots" -> snapshots(table);
      default -> throw new IllegalArgumentException(word);
    }
  }

  private static void rows(Table table) throws Exception {
    List<String> lines = new ArrayList<>();
    try (CloseableIterable<Record> rows = IcebergGenerics.read(table).build()) {
      for (Record row : rows) {
        OffsetDateTime at = (OffsetDateTime) row.getField("at");
        lines.add("row " + at.toInstant() + " " + row.getField("carrier") + " " + row.getField("delay"));
      }
    }
    lines.stream().sorted().forEach(System.out::println);
  }

  /** How many files a reader looks into for flights with more than so much delay. */
  private static void files(Table table, String delay) throws Exception {
    int count = 0;
    var scan = table.newScan().filter(Expressions.greaterThan("delay", Integer.parseInt(delay)));
    try (CloseableIterable<FileScanTask> tasks = scan.planFiles()) {
      for (FileScanTask task : tasks) {
        if (task.file().recordCount() > 0) count += 1;
      }
    }
    System.out.println("files " + count);
  }

  /** Appends a file that is there: its path, bytes, records and hour. */
  private static void append(Table table, String file) {
    String[] parts = file.split(",");
    var added =
        DataFiles.builder(table.spec())
            .withPath(parts[0])
            .withFileSizeInBytes(Long.parseLong(parts[1]))
            .withRecordCount(Long.parseLong(parts[2]))
            .withPartitionPath("at_hour=" + parts[3])
            .build();
    table.newAppend().appendFile(added).commit();
  }

  private static void snapshots(Table table) {
    for (Snapshot snapshot : table.snapshots()) {
      var summary = new TreeMap<>(snapshot.summary());
      System.out.println(
          "snapshot " + snapshot.sequenceNumber() + " " + snapshot.operation() + " " + summary.get("total-records"));
    }
  }
}
