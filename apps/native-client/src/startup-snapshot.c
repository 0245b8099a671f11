/*
 * What a daemon has left for the next one, so that it starts sooner: a startup snapshot of the Node that is found now.
 * Where it lies, and what its name says: packages/client/src/startup-snapshot.ts.
 */
#include "pilotty.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* As execvp(3) finds it. */
static int find_node(struct stat *facts) {
  const char *at = getenv("PATH");
  while (at != NULL && *at != '\0') {
    size_t length = strcspn(at, ":");
    char path[PATH_MAX];
    int printed = snprintf(path, sizeof path, "%.*s/node", (int)length, at);
    if (length > 0 && printed > 0 && printed < (int)sizeof path && access(path, X_OK) == 0 && stat(path, facts) == 0 &&
        S_ISREG(facts->st_mode))
      return 1;
    at += length;
    if (*at == ':') at++;
  }
  return 0;
}

static int is_file(const char *path) {
  struct stat facts;
  return lstat(path, &facts) == 0 && S_ISREG(facts.st_mode);
}

/* The snapshot that a daemon of this program is started with. With other options Node would not take it. */
int find_startup_snapshot(const char *program, char *path, size_t size) {
  const char *options = getenv("NODE_OPTIONS");
  struct stat node;
  if ((options != NULL && options[0] != '\0') || !find_node(&node)) return 0;
  char name[64];
  snprintf(name, sizeof name, "startup-%lld-%lld.blob", (long long)node.st_size, (long long)node.st_mtime);
  size_t length = strlen(program) - strlen(".cjs");
  int printed = snprintf(path, size, "%.*s/%s", (int)length, program, name);
  if (printed > 0 && printed < (int)size && is_file(path)) return 1;
  const char *named = getenv("XDG_CACHE_HOME");
  const char *home = getenv("HOME");
  char directory[PATH_MAX];
  if (named != NULL && named[0] == '/')
    printed = snprintf(directory, sizeof directory, "%s/pilotty", named);
  else if (home != NULL && home[0] == '/')
    printed = snprintf(directory, sizeof directory, "%s/.cache/pilotty", home);
  else
    return 0;
  /* What is read from there is run: it must be a directory that only this user can have written. */
  if (printed < 0 || printed >= (int)sizeof directory || !is_own_directory(directory)) return 0;
  const char *slash = strrchr(program, '/');
  size_t start = slash == NULL ? 0 : (size_t)(slash + 1 - program);
  printed = snprintf(path, size, "%s/%.*s-%s", directory, (int)(length - start), program + start, name);
  return printed > 0 && printed < (int)size && is_file(path);
}
