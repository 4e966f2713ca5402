/* fuzz_NAME FILE|FOLDER...: runs a fuzz target once for each file. Fails if there is none. */
#include "fuzz.h"

#include <dirent.h>
#include <sys/stat.h>

static int n_files;

static void replay_file(const char *path)
{
    struct stat status;
    FILE *file = fopen(path, "rb");
    check(file && fstat(fileno(file), &status) == 0);
    size_t size = (size_t)status.st_size;
    uint8_t *data = malloc(size + !size); /* of exactly its size, for the sanitizers to watch */
    check(data && fread(data, 1, size, file) == size);
    LLVMFuzzerTestOneInput(data, size);
    n_files++;
    free(data);
    fclose(file);
}

static void replay(const char *path)
{
    char inner[4096];
    DIR *folder = opendir(path);
    if (!folder) {
        replay_file(path);
        return;
    }
    for (struct dirent *item; (item = readdir(folder));) {
        if (item->d_name[0] == '.')
            continue;
        snprintf(inner, sizeof inner, "%s/%s", path, item->d_name);
        replay(inner);
    }
    closedir(folder);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        replay(argv[i]);
    printf("%d inputs\n", n_files);
    return n_files > 0 ? 0 : 1;
}
