// Does what the sanitizers must report: shows that a clean run of the other tests means something.
#include <cstdio>
#include <cstring>
#include <thread>

namespace {

int race() {
    int shared = 0;
    std::thread other([&] {
        for (int i = 0; i < 1000; ++i) ++shared;
    });
    for (int i = 0; i < 1000; ++i) ++shared;
    other.join();
    return shared;
}

int leak(int size) {
    // The pointer is overwritten, so that nothing refers to the memory at the end.
    volatile int* lost = new int[static_cast<std::size_t>(size)];
    lost[0] = size;
    const int kept = lost[0];
    lost = nullptr;
    return kept;
}

int readBehindTheEnd(int size) {
    volatile int* numbers = new int[static_cast<std::size_t>(size)];
    const int value = numbers[size];
    delete[] numbers;
    return value;
}

int overflow(int number) {
    return number + 2147483647;
}

}  // namespace

int main(int argc, char** argv) {
    const char* fault = argc > 1 ? argv[1] : "";
    int result = 0;
    if (std::strcmp(fault, "race") == 0) result = race();
    if (std::strcmp(fault, "leak") == 0) result = leak(argc);
    if (std::strcmp(fault, "bounds") == 0) result = readBehindTheEnd(argc);
    if (std::strcmp(fault, "overflow") == 0) result = overflow(argc);
    std::printf("not noticed (%d)\n", result);
    return 0;
}
