import java.util.Objects;
import java.util.concurrent.Callable;

/** Ends the program with a difference. */
final class Expect {
  static void equal(Object actual, Object expected) {
    if (Objects.equals(actual, expected)) return;
    throw new AssertionError("%s is not %s".formatted(actual, expected));
  }

  static <E extends Exception> E thrown(Class<E> expected, Callable<?> call) throws Exception {
    try {
      throw new AssertionError("%s is not %s".formatted(call.call(), expected.getSimpleName()));
    } catch (Exception error) {
      if (expected.isInstance(error)) return expected.cast(error);
      throw error;
    }
  }

  private Expect() {}
}
