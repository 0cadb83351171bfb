// Enrolments at a CA, and searches among 100,000 certificates. Without the network: requests go to
// the service as the HTTPS server hands them over.
#include <filesystem>
#include <nlohmann/json.hpp>

#include "node/ca/CaService.h"
#include "src/base/Encoding.h"
#include "src/base/Log.h"
#include "tests/bench/Bench.h"
#include "tests/bench/BenchData.h"

namespace chancery::bench {
namespace {

using namespace chancery::node;

constexpr int kCertificates = 100'000;

/// A folder that goes away.
struct Folder {
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "chancery-ca-XXXXXX").string();
        if (::mkdtemp(name.data()) != nullptr) path = name;
    }
    ~Folder() {
        std::error_code error;
        if (!path.empty()) std::filesystem::remove_all(path, error);
    }
    std::filesystem::path path;
};

Result<std::unique_ptr<CertificateAuthority>> openCa(const Folder& folder) {
    CaOptions options;
    options.name = "ca";
    options.folder = folder.path / "ca";
    return CertificateAuthority::open(std::move(options));
}

/// An identity with a random secret, as `register` gives it, and what its client sends.
Result<http::Request> prepare(CertificateAuthority& ca, int number) {
    const std::string id = fmt::format("user{}", number);
    ASSIGN_OR_RETURN(const std::string secret,
                     ca.add({.id = id, .type = "client", .affiliation = {}}));
    ASSIGN_OR_RETURN(const auto key, crypto::PrivateKey::generate(crypto::KeyAlgorithm::EcdsaP256));
    ASSIGN_OR_RETURN(const auto csr, identity::makeCertificateRequest({.commonName = id}, {}, key));
    http::Request request;
    request.method = "POST";
    request.target = request.path = "/api/v1/enroll";
    request.headers["authorization"] = "Basic " + toBase64(id + ":" + secret);
    request.body = nlohmann::json{{"certificate_request", csr.toPem()}}.dump();
    return request;
}

Status enrolments(Report& report) {
    const Folder folder;
    ASSIGN_OR_RETURN(const auto ca, openCa(folder));
    Metrics metrics;
    CaService service({ca.get()}, "bench", metrics);
    std::vector<http::Request> requests;
    const int count = isQuick() ? 100 : 1000;
    for (int i = 0; i < count; ++i) {
        ASSIGN_OR_RETURN(auto request, prepare(*ca, i));
        requests.push_back(std::move(request));
    }
    const double cpu = threadCpuSeconds();
    const double wall = wallSeconds();
    for (const http::Request& request : requests) {
        const auto response = service.answer(request);
        if (response.status != 201)
            return makeError(StatusCode::kInternal, "BENCH_FAILED", response.body);
    }
    report.figure("ca_enrolments_per_cpu_s", count / (threadCpuSeconds() - cpu),
                  {.atLeast = 300, .atMost = {}});
    // Each is on disk before it is answered.
    report.figure("ca_enrolments_one_by_one_per_s", count / (wallSeconds() - wall));
    return absl::OkStatus();
}

Status fill(CertificateAuthority& ca) {
    ASSIGN_OR_RETURN(const auto key, crypto::PrivateKey::generate(crypto::KeyAlgorithm::EcdsaP256));
    ASSIGN_OR_RETURN(const auto certificate, ca.issueForServer(key.publicKey(), {}));
    CertificateRow row = rowOf(certificate, {}, {});
    return ca.store().write([&](store::Connection& connection) -> Status {
        for (int i = 0; i < kCertificates; ++i) {
            row.serial = fmt::format("{:040x}", 0x100000 + i).substr(20);
            row.id = fmt::format("user{}", i % 1000);
            row.notAfter = certificate.notAfter() + absl::Seconds(i);
            if (i % 100 == 0) row.revokedAt = certificate.notBefore() + absl::Seconds(i + 1);
            if (i % 100 == 1) row.revokedAt.reset();
            ASSIGN_OR_RETURN([[maybe_unused]] const auto number,
                             insertCertificate(connection, row));
        }
        return absl::OkStatus();
    });
}

Status searches(Report& report) {
    const Folder folder;
    ASSIGN_OR_RETURN(const auto ca, openCa(folder));
    RETURN_IF_ERROR(fill(*ca));
    const absl::Time end = ca->now() + absl::Hours(8760);
    const auto measure = [&](const char* name, const CertificateFilter& filter) -> Status {
        std::vector<double> times;
        std::size_t found = 0;
        std::size_t bytes = 0;
        for (int i = 0; i < 5; ++i) {
            found = bytes = 0;
            const double start = wallSeconds();
            RETURN_IF_ERROR(ca->store().read([&](auto& connection) {
                return eachPem(connection, filter, [&](std::string_view pem) {
                    ++found;
                    bytes += pem.size();
                });
            }));
            times.push_back(1e3 * (wallSeconds() - start));
        }
        if (found == 0) return makeError(StatusCode::kInternal, "BENCH_FAILED", name);
        report.figure(name, median(times), {.atLeast = {}, .atMost = 100});
        return absl::OkStatus();
    };
    RETURN_IF_ERROR(measure("ca_list_100k_ms", {}));
    RETURN_IF_ERROR(measure("ca_search_by_identity_ms", {.id = "user7"}));
    RETURN_IF_ERROR(measure("ca_search_by_serial_ms",
                            {.serial = fmt::format("{:040x}", 0x100000 + 70'000).substr(20)}));
    RETURN_IF_ERROR(measure("ca_search_by_expiry_ms",
                            {.expiresFrom = end, .expiresUntil = end + absl::Seconds(500)}));
    return measure("ca_search_revoked_ms", {.onlyRevoked = true});
}

Status certificateAuthority(Report& report) {
    log::setLevel(log::Level::Warning);
    RETURN_IF_ERROR(enrolments(report));
    return searches(report);
}

const Registration kCa("ca", certificateAuthority);

}  // namespace
}  // namespace chancery::bench
