#include <cstdint>
#include <cstdlib>

#include "src/usecase/NetworkPlan.h"
#include "src/usecase/RenewalPlan.h"
#include "src/usecase/Topology.h"

// Plans of networks and of renewals. What was understood is written and reads back as the same, and
// a network of it can be shown before it is made.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace chancery;
    const BytesView bytes(reinterpret_cast<const char*>(data), size);
    if (const auto topology = usecase::readTopology(bytes); topology.ok()) {
        const auto again = usecase::readTopology(usecase::toText(*topology));
        if (!again.ok() || !(*again == *topology)) std::abort();
        if (usecase::checkTopology(*topology).ok())
            usecase::previewOf({.folder = {}, .topology = *topology});
    } else if (reasonOf(topology.status()).empty()) {
        std::abort();
    }
    if (const auto plan = usecase::readRenewalPlan(bytes); plan.ok()) {
        const auto again = usecase::readRenewalPlan(usecase::toText(*plan));
        if (!again.ok() || usecase::toText(*again) != usecase::toText(*plan)) std::abort();
        if (const auto* next = plan->next(); next != nullptr && plan->node(next->node) == nullptr)
            std::abort();
    }
    return 0;
}
