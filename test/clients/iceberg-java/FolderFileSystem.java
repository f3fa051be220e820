import java.io.File;
import java.net.URI;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** Buckets that are folders of this machine, under the names that tables have for them. */
public final class FolderFileSystem extends RawLocalFileSystem {
  static final String ROOT = "millrace.folder";

  private URI uri;

  @Override
  public void initialize(URI name, Configuration configuration) throws java.io.IOException {
    uri = URI.create(name.getScheme() + "://" + name.getAuthority());
    super.initialize(name, configuration);
  }

  @Override
  public URI getUri() {
    // Asked for by the constructor, too, before there is a name.
    return uri == null ? URI.create("s3:///") : uri;
  }

  @Override
  public String getScheme() {
    return "s3";
  }

  @Override
  protected void checkPath(org.apache.hadoop.fs.Path path) {
    // Whatever is asked for is in the folder.
  }

  @Override
  public File pathToFile(org.apache.hadoop.fs.Path path) {
    String inBucket = path.toUri().getPath();
    return Path.of(getConf().get(ROOT), uri.getAuthority(), inBucket).toFile();
  }
}
