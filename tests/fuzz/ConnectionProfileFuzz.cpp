#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "src/interfaces/ConnectionProfile.h"

// What was understood is written and reads back as the same, in both forms.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace chancery;
    const auto profile = interfaces::readConnectionProfile(
        {reinterpret_cast<const char*>(data), size}, "/nonexistent");
    if (!profile.ok()) return 0;
    const auto again = interfaces::readConnectionProfile(interfaces::toJson(*profile), "/");
    if (again.ok() && interfaces::toJson(*again) != interfaces::toJson(*profile)) std::abort();
    interfaces::toYaml(*profile);
    return 0;
}
