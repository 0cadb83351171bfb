// Whatever a file may hold: one block, a raw block file, either compressed, or nothing of the kind.
#include <cstdint>
#include <cstdlib>

#include "src/protocol/BlockFile.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace chancery;
    using namespace chancery::protocol;
    const auto require = [](bool condition) {
        if (!condition) std::abort();
    };
    const SharedBytes bytes(Bytes(reinterpret_cast<const char*>(data), size));
    for (const char* name : {"blockfile_000000", "fetched.block"}) {
        const auto source = openBlockBytes(name, bytes);
        if (!source.ok()) continue;
        while (true) {
            const auto block = (*source)->next();
            require((*source)->bytesDone() <= (*source)->bytesTotal());
            if (!block.ok()) {
                require(argumentOf(block.status(), "file") == name);
                require((*source)->next().status() == block.status());
                break;
            }
            if (!*block) break;
            const Bytes record = encodeBlockRecord((*block)->block);
            const auto again = openBlockBytes("blockfile_000000", SharedBytes(record));
            require(again.ok() && (*again)->next().ok());
        }
    }
    return 0;
}
