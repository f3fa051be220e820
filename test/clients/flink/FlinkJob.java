import java.nio.charset.StandardCharsets;
import java.util.Properties;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.kinesis.sink.KinesisStreamsSink;
import org.apache.flink.connector.kinesis.source.KinesisStreamsSource;
import org.apache.flink.connector.kinesis.source.serialization.KinesisDeserializationSchema;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.Collector;
import software.amazon.awssdk.services.kinesis.model.Record;

/**
 * Copies a stream into another, with a cluster of Flink in this process, and says each record that passes.
 * Arguments: POLLING or EFO, the ARNs of the two streams, and the endpoint. A line on its standard input ends
 * the job in good order.
 */
final class FlinkJob {
  public static void main(String[] words) throws Exception {
    var environment = StreamExecutionEnvironment.createLocalEnvironment(2);
    environment.enableCheckpointing(1000);
    environment
        .fromSource(source(words[0], words[1], words[3]), WatermarkStrategy.noWatermarks(), "source")
        .returns(Types.STRING)
        .sinkTo(sink(words[2], words[3]));
    var job = environment.executeAsync("copy");
    System.in.read();
    var ended = job.getJobExecutionResult();
    job.cancel().get();
    ended.handle((result, error) -> null).get();
    System.out.println("the job is cancelled");
    // A consumer that it has registered is taken away a moment later: whoever started the program ends it.
    Thread.currentThread().join();
  }

  private static KinesisStreamsSource<String> source(String way, String stream, String endpoint) {
    var options = new Configuration();
    options.setString("source.reader.type", way);
    options.setString("source.efo.consumer.name", "flink");
    options.setString("source.init.position", "TRIM_HORIZON");
    options.setString("aws.region", System.getenv("AWS_REGION"));
    options.setString("aws.endpoint", endpoint);
    return KinesisStreamsSource.<String>builder()
        .setStreamArn(stream)
        .setSourceConfig(options)
        .setDeserializationSchema(new Said())
        .build();
  }

  private static KinesisStreamsSink<String> sink(String stream, String endpoint) {
    var options = new Properties();
    options.setProperty("aws.region", System.getenv("AWS_REGION"));
    options.setProperty("aws.endpoint", endpoint);
    return KinesisStreamsSink.<String>builder()
        .setStreamArn(stream)
        .setKinesisClientProperties(options)
        .setSerializationSchema(new SimpleStringSchema())
        .setPartitionKeyGenerator(text -> text.substring(0, text.indexOf(' ')))
        .setMaxTimeInBufferMS(200)
        .build();
  }

  /** Text, which is said where it arrives. */
  private static final class Said implements KinesisDeserializationSchema<String> {
    private static final long serialVersionUID = 1;

    @Override
    public void deserialize(Record record, String stream, String shard, Collector<String> out) {
      var text = StandardCharsets.UTF_8.decode(record.data().asByteBuffer()).toString();
      var number = record.sequenceNumber();
      var words = new String[] {"heard record", "" + System.currentTimeMillis(), shard, number, text};
      System.out.println(String.join(" ", words));
      out.collect(text);
    }

    @Override
    public TypeInformation<String> getProducedType() {
      return Types.STRING;
    }
  }

  private FlinkJob() {}
}
