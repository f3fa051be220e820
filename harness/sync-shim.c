/*
 * Stands between a process and its syncs (LD_PRELOAD). Set one of:
 *   TORTURE_SYNC_FAIL=n     the n-th sync answers EIO, and what it was for is not synced
 *   TORTURE_SYNC_DELAY=ms   every sync takes so much longer
 *   TORTURE_SYNC_LIE=1      no sync does anything, and all answer that they did
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

static atomic_long count;

static long setting(const char *name) {
  const char *text = getenv(name);
  return text == NULL ? 0 : atol(text);
}

static int sync_by(const char *name, int fd) {
  long number = atomic_fetch_add(&count, 1) + 1;
  if (number == setting("TORTURE_SYNC_FAIL")) {
    errno = EIO;
    return -1;
  }
  if (setting("TORTURE_SYNC_LIE")) return 0;
  usleep(1000 * setting("TORTURE_SYNC_DELAY"));
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
  return real(fd);
}

int fsync(int fd) { return sync_by("fsync", fd); }
int fdatasync(int fd) { return sync_by("fdatasync", fd); }
