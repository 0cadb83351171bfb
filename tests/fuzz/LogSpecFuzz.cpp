#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "src/base/LogSpec.h"

// What was understood prints as something that means the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace chancery;
    const auto spec = log::LogSpec::parse({reinterpret_cast<const char*>(data), size});
    if (!spec.ok()) return 0;
    const auto again = log::LogSpec::parse(spec->str());
    if (!again.ok() || again->str() != spec->str()) std::abort();
    return 0;
}
