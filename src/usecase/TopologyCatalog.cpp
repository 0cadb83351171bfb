#include "src/usecase/Topology.h"

namespace chancery::usecase {

// Made from resources/topologies when the program is built.
extern const std::string_view kTopologySchema;
extern const std::string_view kTopologyTexts[];
extern const std::size_t kTopologyCount;

const std::vector<Topology>& builtInTopologies() {
    static const std::vector<Topology> all = [] {
        std::vector<Topology> read;
        // A test reads each of them, so none is bad.
        for (std::size_t i = 0; i < kTopologyCount; ++i)
            if (auto one = readTopology(kTopologyTexts[i]); one.ok())
                read.push_back(*std::move(one));
        return read;
    }();
    return all;
}

std::string_view topologySchema() {
    return kTopologySchema;
}

}  // namespace chancery::usecase
