#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "src/interfaces/CertificateAuthority.h"

namespace chancery::client {

/// CAs over HTTPS, by the REST interface of Fabric CA (its swagger file, v1): ours and Fabric's.
/// Connections are kept and shared by whoever asks the same address, as many as calls are made at
/// the same time.
class CaClient final : public interfaces::CaConnector {
public:
    CaClient();
    ~CaClient() override;

    Result<std::shared_ptr<interfaces::CertificateAuthority>> authority(
        const interfaces::CaAddress& ca, const interfaces::CaCaller& caller) override;
    Result<std::shared_ptr<interfaces::IdentityRegistry>> registry(
        const interfaces::CaAddress& ca, const interfaces::CaCaller& caller) override;

    class Session;

private:
    struct Place;
    Result<std::shared_ptr<Session>> session(const interfaces::CaAddress& ca,
                                             const interfaces::CaCaller& caller);

    std::mutex m_mutex;
    std::map<std::string, std::shared_ptr<Place>> m_places;
};

}  // namespace chancery::client
