import com.amazonaws.auth.DefaultAWSCredentialsProviderChain;
import com.amazonaws.client.builder.AwsClientBuilder.EndpointConfiguration;
import com.amazonaws.services.cloudwatch.AmazonCloudWatchClientBuilder;
import com.amazonaws.services.kinesis.clientlibrary.lib.worker.InitialPositionInStream;
import com.amazonaws.services.kinesis.clientlibrary.lib.worker.KinesisClientLibConfiguration;
import com.amazonaws.services.kinesis.clientlibrary.lib.worker.Worker;
import java.util.concurrent.TimeUnit;

/**
 * One worker of an application, as the guide of KCL 1 has it. Properties: application, stream, worker, endpoint,
 * region; metrics=DETAILED instead of none. Version 1 of the SDK takes no endpoint from the environment.
 */
public final class KclWorker {
  public static void main(String[] arguments) {
    var worker = worker();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> shutDown(worker)));
    worker.run();
  }

  private static Worker worker() {
    var endpoint = new EndpointConfiguration(System.getProperty("endpoint"), System.getProperty("region"));
    var metrics = AmazonCloudWatchClientBuilder.standard().withEndpointConfiguration(endpoint).build();
    return new Worker.Builder().config(configuration(endpoint)).recordProcessorFactory(RecordPrinter::new)
        .cloudWatchClient(metrics).build();
  }

  /** The constructor of the guide. */
  @SuppressWarnings("deprecation")
  private static KinesisClientLibConfiguration configuration(EndpointConfiguration endpoint) {
    return new KinesisClientLibConfiguration(System.getProperty("application"), System.getProperty("stream"),
        new DefaultAWSCredentialsProviderChain(), System.getProperty("worker"))
        .withKinesisEndpoint(endpoint.getServiceEndpoint()).withDynamoDBEndpoint(endpoint.getServiceEndpoint())
        .withRegionName(endpoint.getSigningRegion())
        .withInitialPositionInStream(InitialPositionInStream.TRIM_HORIZON)
        .withMetricsLevel(System.getProperty("metrics", "NONE")).withMetricsBufferTimeMillis(2_000)
        .withFailoverTimeMillis(2_000).withShardSyncIntervalMillis(1_000)
        .withParentShardPollIntervalMillis(500).withIdleTimeBetweenReadsInMillis(200);
  }

  private static void shutDown(Worker worker) {
    try {
      var graceful = worker.startGracefulShutdown().get(600, TimeUnit.SECONDS);
      System.out.println("graceful shutdown: " + graceful);
    } catch (Exception failure) {
      System.out.println("graceful shutdown: " + failure);
    }
  }
}
