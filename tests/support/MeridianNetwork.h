#pragma once

#include <map>
#include <memory>
#include <string>

#include "src/usecase/WatchNetwork.h"
#include "tests/support/FakeNode.h"
#include "tests/support/FakeWatchedHost.h"

namespace chancery::test {

/// The network of the design's pictures: Meridian Clearing, four organisations, thirteen nodes, two
/// channels, and peer1.riverbank 41 blocks behind.
struct MeridianNetwork {
    MeridianNetwork();

    usecase::WatchedNetwork network;
    std::map<std::string, std::shared_ptr<FakeNode>> nodes;
    std::map<std::string, std::shared_ptr<FakeWatchedHost>> hosts;

private:
    void addHost(const std::string& name, unsigned processors, double freeMemory, double freeDisk,
                 double disk);
    void addNode(const std::string& name, const std::string& kind, const std::string& organisation,
                 const std::string& host, double memoryMegabytes, int port);
    void addLog(const std::string& name, const std::string& host);
};

}  // namespace chancery::test
