/*
 * inflate-objects PACK LIST: processor milliseconds that zlib takes to inflate objects of a pack, each by one call.
 * LIST holds two 32-bit numbers an object: where its zlib stream starts, and how long it is inflated.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <zlib.h>

static unsigned char *read_file(const char *name, size_t *size) {
  FILE *file = fopen(name, "rb");
  if (!file) exit(2);
  fseek(file, 0, SEEK_END);
  *size = (size_t)ftell(file);
  rewind(file);
  unsigned char *bytes = malloc(*size + 1);
  if (!bytes || fread(bytes, 1, *size, file) != *size) exit(2);
  fclose(file);
  return bytes;
}

int main(int count, char **arguments) {
  if (count != 3) return 2;
  size_t pack_size, list_size;
  unsigned char *pack = read_file(arguments[1], &pack_size);
  const uint32_t *list = (const uint32_t *)read_file(arguments[2], &list_size);
  size_t objects = list_size / 8, longest = 0;
  for (size_t i = 0; i < objects; i++) {
    if (list[2 * i + 1] > longest) longest = list[2 * i + 1];
  }
  unsigned char *target = calloc(longest + 1, 1);
  z_stream stream = {0};
  if (!target || inflateInit(&stream) != Z_OK) return 2;

  struct timespec from, to;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
  for (size_t i = 0; i < objects; i++) {
    inflateReset(&stream);
    stream.next_in = pack + list[2 * i];
    stream.avail_in = (uInt)(pack_size - list[2 * i]);
    stream.next_out = target;
    stream.avail_out = list[2 * i + 1];
    if (inflate(&stream, Z_FINISH) != Z_STREAM_END) return 1;
  }
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
  printf("%.3f\n", (to.tv_sec - from.tv_sec) * 1e3 + (to.tv_nsec - from.tv_nsec) / 1e6);
  return 0;
}
