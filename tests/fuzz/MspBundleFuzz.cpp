#include <cstdint>
#include <cstdlib>

#include "src/usecase/MspBundle.h"

// A file that somebody sent. What is taken is exactly the bytes that its content has, so that the
// words name one content only.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace chancery;
    const BytesView bytes(reinterpret_cast<const char*>(data), size);
    const auto bundle = usecase::ReadMspBundle().ofBytes(bytes);
    if (!bundle.ok()) {
        if (reasonOf(bundle.status()).empty()) std::abort();
        return 0;
    }
    if (bundle->bytes != bytes || bundle->words.empty() || bundle->mspId.empty()) std::abort();
    return 0;
}
