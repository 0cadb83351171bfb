#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "node/deliver/SeekRequest.h"
#include "node/orderer/OrdererContext.h"
#include "src/base/Clock.h"
#include "src/channel/Genesis.h"
#include "src/identity/Certificate.h"
#include "src/identity/SigningIdentity.h"
#include "src/protocol/Block.h"
#include "src/rpc/Tls.h"

namespace chancery::node::test {

/// A clock that stands where the test puts it, by default at the time of the machine.
class TestClock final : public Clock {
public:
    absl::Time now() const override { return time; }
    absl::Time time = absl::Now();
};

/// An organisation made for a test: its CAs and whoever it certifies. Throws std::runtime_error
/// when something cannot be made.
class TestOrganisation {
public:
    TestOrganisation(std::string name, MspId mspId);

    const MspId& mspId() const { return m_mspId; }
    const std::string& name() const { return m_name; }
    /// `role` is the unit in its subject: "client", "admin", "peer", "orderer".
    identity::SigningIdentityPtr member(const std::string& commonName, const std::string& role,
                                        absl::Time from = absl::Now() - absl::Hours(1),
                                        absl::Duration lifetime = absl::Hours(24 * 365)) const;
    rpc::TlsIdentity tls(const std::string& commonName) const;
    const std::string& tlsRootsPem() const { return m_tlsRootsPem; }
    /// As its group in a configuration begins.
    channel::NewOrganisation group() const;
    /// From now on a revocation list of the organisation names it.
    void revoke(const identity::SigningIdentity& member);
    /// MSPConfig bytes.
    Bytes mspConfig() const;

private:
    std::string m_name;
    MspId m_mspId;
    crypto::PrivateKey m_key;
    identity::Certificate m_ca;
    crypto::PrivateKey m_tlsKey;
    identity::Certificate m_tlsCa;
    std::string m_tlsRootsPem;
    Bytes m_revocationList;
};

/// What a channel with one orderer and one application organisation needs.
struct OrderingNetwork {
    OrderingNetwork();

    TestOrganisation orderers{"Orderers", MspId("OrdererMSP")};
    TestOrganisation alpha{"Alpha", MspId("AlphaMSP")};
    identity::SigningIdentityPtr orderer, ordererAdmin, client, admin, peer;
    rpc::TlsIdentity ordererTls;
    channel::NewChannel channel;  ///< "trade": ready to be changed before genesis()

    ChannelId channelId() const { return channel.channel; }
    protocol::Block genesis() const;
    std::shared_ptr<OrdererContext> context(const Clock& clock = Clock::system()) const;

    /// A signed envelope of that type around `data`.
    Bytes envelope(const identity::SigningIdentity& signer, BytesView data,
                   protocol::HeaderType type = protocol::HeaderType::EndorserTransaction,
                   const std::string& channelId = "trade") const;
    Bytes seek(const identity::SigningIdentity& signer, const SeekInfo& info,
               absl::Time now = absl::Now(), BytesView tlsCertificateHash = {}) const;
    /// A CONFIG_UPDATE that changes the configuration as told, signed by the orderers' admin.
    Bytes configUpdate(const channel::Bundle& current,
                       const std::function<void(common::Config&)>& change) const;
};

/// The usual ranges.
SeekInfo range(BlockNumber first, BlockNumber last);
SeekInfo everything();  ///< from the oldest on, without end

/// An empty folder that goes with the object.
class TestFolder {
public:
    TestFolder();
    ~TestFolder();
    TestFolder(const TestFolder&) = delete;
    TestFolder& operator=(const TestFolder&) = delete;
    const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
};

template <class T>
T valueOf(Result<T> result) {
    if (!result.ok()) throw std::runtime_error(result.status().ToString());
    return *std::move(result);
}

}  // namespace chancery::node::test
