import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;

/** The SDK's clients, made as its users make them: endpoint, region and the profiles' file come from the environment. */
final class Clients {
  /** What the requests were written in. */
  static final Set<String> contentTypes = new TreeSet<>();

  /** Over HTTP/1.1. */
  static KinesisClient blocking(String profile) {
    return KinesisClient.builder()
        .credentialsProvider(ProfileCredentialsProvider.create(profile)).overrideConfiguration(noted).build();
  }

  /** Over HTTP/2, with prior knowledge when it is not encrypted. */
  static KinesisAsyncClient asynchronous(String profile) {
    return KinesisAsyncClient.builder()
        .credentialsProvider(ProfileCredentialsProvider.create(profile)).overrideConfiguration(noted).build();
  }

  /** One that does what a blocking client does, and waits for the asynchronous one to do it. */
  static KinesisClient blocking(KinesisAsyncClient client) {
    InvocationHandler handler = (proxy, method, arguments) -> {
      try {
        var same = KinesisAsyncClient.class.getMethod(method.getName(), method.getParameterTypes());
        var result = same.invoke(client, arguments);
        return result instanceof CompletableFuture<?> future ? future.join() : result;
      } catch (CompletionException | InvocationTargetException error) {
        throw error.getCause();
      }
    };
    Class<?>[] interfaces = {KinesisClient.class};
    return (KinesisClient) Proxy.newProxyInstance(Clients.class.getClassLoader(), interfaces, handler);
  }

  private static final ClientOverrideConfiguration noted = ClientOverrideConfiguration.builder()
      .addExecutionInterceptor(new ExecutionInterceptor() {
        @Override
        public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
          synchronized (contentTypes) {
            contentTypes.add(context.httpRequest().firstMatchingHeader("Content-Type").orElse("none"));
          }
        }
      })
      .build();

  private Clients() {}
}
