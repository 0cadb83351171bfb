#pragma once

#include <QTemporaryDir>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "src/client/HostConnector.h"
#include "src/process/Child.h"

namespace chancery::test {

/// A host agent of its own process and folder, and a program that stands in for chancery-node: it
/// does what its node.yaml says. Throws std::runtime_error when it cannot be started.
class AgentProcess {
public:
    explicit AgentProcess(std::vector<std::string> arguments = {});

    /// Starts it (again) in the same folder.
    void start();
    /// End of standard input.
    process::ExitReason end();
    /// SIGKILL.
    void kill();

    /// By the socket.
    std::shared_ptr<interfaces::Host> local();
    std::string endpoint(const std::string& name) const { return m_endpoints.at(name); }
    pid_t number() const { return m_child->number(); }
    std::filesystem::path folder() const { return m_folder.path().toStdString(); }
    std::filesystem::path state() const { return folder() / "state"; }
    client::HostConnector& connector() { return m_connector; }

    static constexpr std::chrono::seconds kLong{30};  // never reached unless something is broken

private:
    QTemporaryDir m_folder;
    std::vector<std::string> m_arguments;
    client::HostConnector m_connector;
    std::map<std::string, std::string> m_endpoints;
    std::unique_ptr<process::Child> m_child;
};

/// What the stand-in does, as its node.yaml:
///   serve          READY, then until its standard input ends
///   stubborn       as serve, but its standard input's end does not matter
///   crash-once     ends by itself after READY the first time, then serves
///   useless        returns 3 before READY
///   broken         returns 4 before READY
///   needs V        serves in version V only and writes it into a file `data`
///   lines N        as serve, after N lines of a log
interfaces::NodePlan standInPlan(const std::string& node, const std::string& behaviour);

/// A client certificate of its own.
interfaces::TlsIdentity clientIdentity(absl::Duration validFor = absl::Hours(24));

}  // namespace chancery::test
