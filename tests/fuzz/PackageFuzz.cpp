// Contract packages: as they are, and as an archive that is compressed here, since a fuzzer does
// not compress.
#include <cstdint>
#include <cstdlib>

#include "src/protocol/ChaincodePackage.h"

namespace {

using namespace chancery;

/// A gzip stream of stored blocks.
Bytes gzipped(BytesView bytes) {
    constexpr std::size_t kBlock = 0xffff;
    Bytes out("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", 10);
    do {
        const BytesView part = bytes.substr(0, kBlock);
        bytes.remove_prefix(part.size());
        const auto size = static_cast<std::uint16_t>(part.size());
        out.push_back(bytes.empty() ? '\1' : '\0');
        for (const std::uint16_t number : {size, static_cast<std::uint16_t>(~size)}) {
            out.push_back(static_cast<char>(number));
            out.push_back(static_cast<char>(number >> 8));
        }
        out.append(part);
    } while (!bytes.empty());
    return out.append(8, '\0');
}

void read(BytesView bytes) {
    const auto package = protocol::readChaincodePackage(bytes);
    if (!package.ok()) return;
    if (package->packageId != protocol::packageIdOf(package->label, bytes)) std::abort();
    for (const auto& file : package->codeEntries)
        if (file.name.starts_with('/') || file.name.starts_with("../")) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const BytesView bytes(reinterpret_cast<const char*>(data), size);
    read(bytes);
    read(gzipped(bytes));
    return 0;
}
