import com.amazonaws.Request;
import com.amazonaws.auth.profile.ProfileCredentialsProvider;
import com.amazonaws.client.builder.AwsClientBuilder.EndpointConfiguration;
import com.amazonaws.handlers.RequestHandler2;
import com.amazonaws.services.kinesis.AmazonKinesisAsync;
import com.amazonaws.services.kinesis.AmazonKinesisAsyncClientBuilder;
import java.util.Set;
import java.util.TreeSet;

/**
 * The SDK's clients, made as its users make them. This version takes no notice of AWS_ENDPOINT_URL, so the endpoint is
 * set in code.
 */
final class Clients {
  /** What the requests were written in. */
  static final Set<String> contentTypes = new TreeSet<>();

  /** One that blocks, whose methods with `Async` in their names answer with a future. */
  static AmazonKinesisAsync of(String profile) {
    var endpoint = new EndpointConfiguration(System.getenv("AWS_ENDPOINT_URL"), System.getenv("AWS_REGION"));
    return AmazonKinesisAsyncClientBuilder.standard()
        .withEndpointConfiguration(endpoint)
        .withCredentials(new ProfileCredentialsProvider(profile))
        .withRequestHandlers(new Noting())
        .build();
  }

  private static final class Noting extends RequestHandler2 {
    @Override
    public void beforeRequest(Request<?> request) {
      synchronized (contentTypes) {
        contentTypes.add(request.getHeaders().getOrDefault("Content-Type", "none"));
      }
    }
  }

  private Clients() {}
}
