#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "src/rpc/StatusConversion.h"

// First byte: the code. Up to the first zero: the text. The rest: the trailer with details. What
// was understood travels on unchanged, as long as it fits.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace chancery;
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto end = std::min(bytes.find('\0', 1), size);
    const rpc::StatusOnTheWire wire{static_cast<signed char>(data[0]),
                                    std::string(bytes.substr(1, end - 1)),
                                    Bytes(bytes.substr(std::min(end + 1, size)))};
    const Status status = rpc::fromWire(wire);
    if (status.ok()) return 0;
    const rpc::StatusOnTheWire sent = rpc::toWire(status);
    const Status again = rpc::fromWire(sent);
    if (again.code() != status.code() || reasonOf(again) != reasonOf(status)) std::abort();
    if (rpc::toWire(again).details != sent.details) std::abort();
    return 0;
}
