#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "src/rpc/Endpoint.h"

// What was understood reads back as the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace chancery;
    const auto endpoint = rpc::parseEndpoint({reinterpret_cast<const char*>(data), size});
    if (!endpoint.ok()) return 0;
    const auto again = rpc::parseEndpoint(endpoint->toString());
    if (!again.ok() || *again != *endpoint) std::abort();
    return 0;
}
