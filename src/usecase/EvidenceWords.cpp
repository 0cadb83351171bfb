#include "src/usecase/EvidenceWords.h"

#include <array>
#include <utility>

namespace chancery::usecase {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

constexpr Pair kWords[] = {
    {"Evidence from a ledger", "账本证据"},
    {"Channel", "通道"},
    {"Transactions", "交易"},
    {"Made", "制作时间"},
    {"Made with", "制作工具"},
    {"Hash of block 0", "区块 0 的哈希"},
    {"All signatures and policies in this pack were checked; nothing speaks against it.",
     "本证据包中的全部签名和策略均已核验，未发现任何矛盾。"},
    {"Something is wrong with this evidence. See the findings.", "该证据存在问题，请查看发现项。"},
    {"Findings", "发现项"},
    {"Transaction", "交易"},
    {"Block", "区块"},
    {"Position in the block", "区块内位置"},
    {"Transaction id", "交易 ID"},
    {"Type", "类型"},
    {"Submitted by", "提交者"},
    {"Stated time", "声明的时间"},
    {"Contract", "合约"},
    {"Function", "函数"},
    {"Arguments", "参数"},
    {"Contract version", "合约版本"},
    {"Contract definition", "合约定义"},
    {"Answer of the contract", "合约的返回"},
    {"Event", "事件"},
    {"Verdict recorded in the block", "区块中记录的判定"},
    {"none", "无"},
    {"What the pack shows", "证据包所示"},
    {"What it had read", "读取内容"},
    {"What it changed", "更改内容"},
    {"Key", "键"},
    {"Version read", "读取的版本"},
    {"did not exist", "不存在"},
    {"Before (as the exporter's ledger had it)", "更改前（依导出者的账本）"},
    {"After", "更改后"},
    {"deleted", "已删除"},
    {"not known", "未知"},
    {"Private data: keys and values are hashes.", "私有数据：键和值均为哈希。"},
    {"Endorsements", "背书"},
    {"Endorsed by", "背书者"},
    {"Counts", "有效"},
    {"yes", "是"},
    {"no", "否"},
    {"Why", "原因"},
    {"Policies", "策略"},
    {"satisfied", "已满足"},
    {"not satisfied", "未满足"},
    {"Why it was refused (as the exporter's ledger tells)", "被拒绝的原因（依导出者的账本）"},
    {"Changes of the configuration", "配置更改"},
    {"Parts that cannot be read", "无法读取的部分"},
    {"Blocks", "区块"},
    {"Number", "编号"},
    {"Hash", "哈希"},
    {"Configuration in force", "生效的配置"},
    {"Checked", "核验结果"},
    {"good", "正确"},
    {"bad", "错误"},
    {"configuration", "配置"},
    {"Certificates", "证书"},
    {"File", "文件"},
    {"Name", "名称"},
    {"Organisation", "组织"},
    {"Signed as", "签名身份"},
    {"Valid", "有效期"},
    {"Fingerprint (SHA-256)", "指纹（SHA-256）"},
    {"creator", "提交者"},
    {"endorser", "背书者"},
    {"orderer", "排序者"},
    {"ca", "证书颁发机构"},
    {"What this pack proves", "本证据包能证明什么"},
    {"What it cannot prove", "本证据包不能证明什么"},
    {"How to check by hand", "如何手工核验"},
    {"Open a terminal (bash) in the folder of this pack. sha256sum and openssl are part of every "
     "Linux system; chanceryctl is part of Chancery.",
     "在本证据包所在的文件夹中打开终端（bash）。sha256sum 和 openssl 是任何 Linux "
     "系统自带的工具；chanceryctl 是 Chancery 的组成部分。"},
    {"1. No file was changed since the pack was made.", "1. 证据包制作后没有文件被更改。"},
    {"2. Everything at once: hashes, configurations, signatures, policies, and that each claim is "
     "what the blocks say.",
     "2. 一次核验全部内容：哈希、配置、签名、策略，以及每项声明与区块内容一致。"},
    {"3. See for yourself what a block or a transaction holds.", "3. 亲自查看区块或交易的内容。"},
    {"4. The signed bytes of the creator stand in the block.", "4. 提交者签名的字节就在区块之中。"},
    {"5. A signature fits the certificate: openssl says \"Verified OK\".",
     "5. 签名与证书相符：openssl 显示 “Verified OK”。"},
    {"6. The certificate was issued by the organisation's CA.", "6. 证书由该组织的 CA 签发。"},
    {"7. That CA stands in the channel's configuration.", "7. 该 CA 记录在通道配置之中。"},
    {"8. The first block is the one that you know: compare its hash with somebody whom you trust.",
     "8. 第一个区块正是您所知的区块：请与您信任的一方核对其哈希。"},
    {"Every configuration from block 0 on follows from the one before it and was signed by "
     "those who had to agree.",
     "从区块 0 起，每个配置都由前一个配置得出，并由必须同意者签名。"},
    {"Every block of a transaction in this pack was signed by the channel's orderers, so the "
     "transaction was ordered at this place, with exactly this content.",
     "本包中每笔交易所在的区块都由通道的排序者签名，因此交易就是以此内容在此位置被排序的。"},
    {"The creators' and endorsers' signatures are good, and belong to certificates of the "
     "channel's organisations.",
     "提交者和背书者的签名正确，且属于通道各组织的证书。"},
    {"Whether the endorsements satisfy the policies of the contract definitions in this pack.",
     "背书是否满足本包中合约定义的策略。"},
    {"Block 0 itself: nothing signs it. Compare its hash with somebody whom you trust.",
     "区块 0 本身：没有任何签名。请与您信任的一方核对其哈希。"},
    {"That what a transaction had read was unchanged when it was judged (MVCC_READ_CONFLICT and "
     "PHANTOM_READ_CONFLICT): that takes the whole ledger. Orderers do not sign the peers' "
     "verdicts.",
     "交易被判定时其读取内容未变（MVCC_READ_CONFLICT 和 "
     "PHANTOM_READ_CONFLICT）：这需要完整的账本。排序者不对节点的判定签名。"},
    {"That there is no newer contract definition or key policy between those in this pack and "
     "the transaction: that takes the whole ledger.",
     "在本包所含的合约定义或键策略与交易之间不存在更新的定义：这需要完整的账本。"},
    {"The values before a change, and why a transaction came too late: they stand in "
     "evidence.json under \"ledger\" as the ledger of the exporter had them.",
     "更改前的值以及交易为何过迟：它们依导出者的账本记录在 evidence.json 的 “ledger” 部分。"},
    {"The chain of hashes between blocks that do not follow each other: the blocks between "
     "them are not part of the pack. Each block is signed by itself.",
     "不相邻区块之间的哈希链：其间的区块不在本包中。每个区块各自带有签名。"},
    {"Whether the transactions were valid: the blocks come from an orderer and record no "
     "verdict of a peer.",
     "交易是否有效：区块来自排序者，未记录节点的判定。"},
    {"The signatures are good, and every policy is satisfied.", "签名正确，所有策略均已满足。"},
    {"The pack shows that the endorsements do not satisfy the policies.",
     "证据包表明背书不满足策略。"},
    {"nobody can satisfy it", "无人能够满足"},
    {"The first block is trusted: nothing signs it.", "第一个区块被直接信任：没有任何签名。"},
    {"The configuration follows from the one before it, and those signed who must.",
     "该配置由前一个配置得出，且必须签名者均已签名。"},
};

const Pair* find(std::string_view english) {
    for (const Pair& pair : kWords)
        if (pair.first == english) return &pair;
    return nullptr;
}

}  // namespace

std::string_view evidenceWord(EvidenceLanguage language, std::string_view english) {
    const Pair* pair = language == EvidenceLanguage::Chinese ? find(english) : nullptr;
    return pair == nullptr ? english : pair->second;
}

bool hasChinese(std::string_view english) {
    return find(english) != nullptr;
}

}  // namespace chancery::usecase
