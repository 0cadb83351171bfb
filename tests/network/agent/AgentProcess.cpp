#include "tests/network/agent/AgentProcess.h"

#include <fmt/format.h>
#include <signal.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "absl/time/clock.h"
#include "src/base/File.h"
#include "src/identity/Issue.h"

namespace chancery::test {
namespace {

constexpr const char* kStandIn = R"script(#!/bin/sh
version=VERSION
if [ "$1" = --version ]; then echo "chancery-node $version"; exit 0; fi
folder=$(dirname "$3")
read -r what count < "$3"
echo $$ > "$folder/number"
ready() { echo "READY {\"endpoints\":{\"grpc\":\"127.0.0.1:1\",\"version\":\"$version\"}}"; }
serve() { cat > /dev/null; echo "2026-01-31T12:00:00.000+00:00 info stand-in: stopped"; }
case "$what" in
    serve) ready; serve ;;
    stubborn) ready; while :; do sleep 600; done ;;
    crash-once) ready
        if [ -e "$folder/crashed" ]; then serve
        else touch "$folder/crashed"; echo "it breaks" >&2; exit 7; fi ;;
    useless) echo "no such key" >&2; exit 3 ;;
    broken) echo "port in use" >&2; exit 4 ;;
    needs) [ "$count" = "$version" ] || { echo "wrong version" >&2; exit 4; }
           echo "$version" > "$folder/data"; ready; serve ;;
    lines) i=0; while [ $i -lt "$count" ]; do i=$((i + 1))
               echo "2026-01-31T12:00:00.000+00:00 warning room: line $i"; done
           ready; serve ;;
esac
)script";

void writeStandIn(const std::filesystem::path& folder, const std::string& version) {
    std::filesystem::create_directories(folder);
    std::string script = kStandIn;
    script.replace(script.find("VERSION"), 7, version);
    if (!writeFileAtomically(folder / "chancery-node", script, 0755).ok())
        throw std::runtime_error("the stand-in cannot be written");
}

}  // namespace

AgentProcess::AgentProcess(std::vector<std::string> arguments) : m_arguments(std::move(arguments)) {
    writeStandIn(folder() / "programs", "0.1.0");
    writeStandIn(folder() / "engines" / "next", "0.2.0");
    m_arguments.insert(m_arguments.end(),
                       {"--state", state().string(), "--programs", (folder() / "programs").string(),
                        "--engines", (folder() / "engines").string(), "--name", "test host"});
    start();
}

void AgentProcess::start() {
    m_child.reset();
    auto child = process::Child::start({.program = CHANCERY_AGENT,
                                        .arguments = m_arguments,
                                        .environment = process::minimalEnvironment()});
    if (!child.ok()) throw std::runtime_error(std::string(messageOf(child.status())));
    m_child = *std::move(child);
    const auto ready = m_child->waitReady(deadlineIn(kLong));
    if (!ready.ok())
        throw std::runtime_error(
            fmt::format("{} {}", messageOf(ready.status()), argumentOf(ready.status(), "lines")));
    const auto json = nlohmann::json::parse(*ready);
    m_endpoints = json.at("endpoints").get<std::map<std::string, std::string>>();
}

process::ExitReason AgentProcess::end() {
    return m_child->end(kLong);
}

void AgentProcess::kill() {
    // Not the group: what it leaves alone must end by itself.
    m_child->signal(SIGKILL).IgnoreError();
    m_child->waitEnd(deadlineIn(kLong)).IgnoreError();
}

std::shared_ptr<interfaces::Host> AgentProcess::local() {
    auto host = m_connector.host({.name = "local", .socket = m_endpoints.at("local")}, {});
    if (!host.ok()) throw std::runtime_error(std::string(messageOf(host.status())));
    return *host;
}

interfaces::NodePlan standInPlan(const std::string& node, const std::string& behaviour) {
    interfaces::NodePlan plan;
    plan.ref = {.network = "net", .node = node};
    plan.kind = "peer";
    plan.files = {{.path = "node.yaml", .content = behaviour + "\n"},
                  {.path = "msp/keystore/key.pem", .content = "a key", .secret = true}};
    return plan;
}

interfaces::TlsIdentity clientIdentity(absl::Duration validFor) {
    const auto key = crypto::PrivateKey::generate(crypto::KeyAlgorithm::EcdsaP256);
    identity::CertificateTemplate content;
    content.subject.commonName = "console";
    content.notBefore = absl::Now() - absl::Hours(48);
    content.notAfter = absl::Now() + validFor;
    content.hosts = {"console"};
    const auto certificate = identity::issueSelfSigned(content, *key);
    if (!certificate.ok()) throw std::runtime_error(std::string(messageOf(certificate.status())));
    return {.certificatePem = certificate->toPem(), .keyPem = key->toPem()};
}

}  // namespace chancery::test
