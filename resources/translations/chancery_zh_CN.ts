<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>Arguments</name>
    <message>
        <source>%1 needs a value</source>
        <translation>%1 需要一个值</translation>
    </message>
    <message>
        <source>the languages are en and zh</source>
        <translation>可用语言为 en 和 zh</translation>
    </message>
    <message>
        <source>the themes are light, dark and system</source>
        <translation>可用主题为 light、dark 和 system</translation>
    </message>
    <message>
        <source>%1 is no option of this program</source>
        <translation>%1 不是本程序的选项</translation>
    </message>
    <message>
        <source>Usage: chancery [OPTIONS] [LINK]

  --ledger PATH…         open the ledger in these files or folders and verify it
  --network FOLDER       start the network in this folder and watch it
  --demo                 make and start a demo network with sample traffic
  --language en|zh       language, kept for later starts
  --theme light|dark|system
                         colours, kept for later starts
  --workspace FOLDER     settings, index and log of another workspace
  --version, --help

LINK is a chancery:// address. Without a display the console starts chanceryctl.
</source>
        <translation>用法：chancery [选项] [链接]

  --ledger 路径…         打开这些文件或文件夹中的账本并验证
  --network FOLDER       启动此文件夹中的网络并监视
  --demo                 创建并启动带示例交易的演示网络
  --language en|zh       界面语言，以后启动时沿用
  --theme light|dark|system
                         配色，以后启动时沿用
  --workspace 文件夹     使用另一工作区的设置、索引与日志
  --version, --help

链接是 chancery:// 地址。没有显示器时，控制台改为运行 chanceryctl。
</translation>
    </message>
</context>
<context>
    <name>Durations</name>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>%1 min %2 s</source>
        <translation>%1 分 %2 秒</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 小时 %2 分</translation>
    </message>
</context>
<context>
    <name>LedgerQueryText</name>
    <message>
        <source>block</source>
        <translation>区块</translation>
    </message>
    <message>
        <source>time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>transactions</source>
        <translation>交易数</translation>
    </message>
    <message>
        <source>transaction</source>
        <translation>交易</translation>
    </message>
    <message>
        <source>key</source>
        <translation>键</translation>
    </message>
    <message>
        <source>contract</source>
        <translation>链码</translation>
    </message>
    <message>
        <source>function</source>
        <translation>函数</translation>
    </message>
    <message>
        <source>creator</source>
        <translation>提交者</translation>
    </message>
    <message>
        <source>organisation</source>
        <translation>组织</translation>
    </message>
    <message>
        <source>endorser</source>
        <translation>背书者</translation>
    </message>
    <message>
        <source>event</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>code</source>
        <translation>代码</translation>
    </message>
    <message>
        <source>type</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>not %1</source>
        <translation>非 %1</translation>
    </message>
</context>
<context>
    <name>LedgerStream</name>
    <message>
        <source>paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>connecting to %1</source>
        <translation>正在连接 %1</translation>
    </message>
    <message>
        <source>lost %1, trying %2</source>
        <translation>%1 已断开，正在尝试 %2</translation>
    </message>
    <message>
        <source>catching up, %1 %</source>
        <translation>正在追赶，%1 %</translation>
    </message>
    <message>
        <source>live</source>
        <translation>实时</translation>
    </message>
    <message>
        <source>lost %1, trying again</source>
        <translation>%1 已断开，正在重试</translation>
    </message>
    <message>
        <source>no node gives right blocks</source>
        <translation>没有节点给出正确的区块</translation>
    </message>
    <message>
        <source>cannot go on</source>
        <translation>无法继续</translation>
    </message>
    <message>
        <source>Blocks come from %1: %2 blocks and %3 transactions per second</source>
        <translation>区块来自 %1：每秒 %2 个区块、%3 笔交易</translation>
    </message>
</context>
<context>
    <name>LedgerText</name>
    <message>
        <source>Valid</source>
        <translation>有效</translation>
    </message>
    <message>
        <source>All checks passed; its writes are part of the state.</source>
        <translation>全部检查通过；其写入已成为状态的一部分。</translation>
    </message>
    <message>
        <source>Empty</source>
        <translation>为空</translation>
    </message>
    <message>
        <source>The block has no bytes where the transaction should be.</source>
        <translation>区块中应有交易的位置没有字节。</translation>
    </message>
    <message>
        <source>Unreadable</source>
        <translation>无法读取</translation>
    </message>
    <message>
        <source>The signed content of the envelope cannot be read.</source>
        <translation>信封中被签名的内容无法读取。</translation>
    </message>
    <message>
        <source>Bad header</source>
        <translation>头部错误</translation>
    </message>
    <message>
        <source>The header lacks what every transaction needs, such as a creator, a nonce or a known type.</source>
        <translation>头部缺少每笔交易必需的内容，例如提交者、随机数或已知类型。</translation>
    </message>
    <message>
        <source>Bad sender</source>
        <translation>提交者无效</translation>
    </message>
    <message>
        <source>The sender is no valid member of an organisation of the channel, or did not sign this content.</source>
        <translation>提交者不是通道中组织的有效成员，或没有签署此内容。</translation>
    </message>
    <message>
        <source>Malformed</source>
        <translation>格式错误</translation>
    </message>
    <message>
        <source>A part of the endorsed proposal cannot be read, or does not belong to the rest.</source>
        <translation>已背书提案的某一部分无法读取，或与其余部分不符。</translation>
    </message>
    <message>
        <source>Bad config</source>
        <translation>配置无效</translation>
    </message>
    <message>
        <source>A configuration transaction has no usable content.</source>
        <translation>配置交易没有可用内容。</translation>
    </message>
    <message>
        <source>Not allowed</source>
        <translation>不允许</translation>
    </message>
    <message>
        <source>Peers do not commit transactions of this kind.</source>
        <translation>节点不提交此类交易。</translation>
    </message>
    <message>
        <source>Wrong id</source>
        <translation>ID 错误</translation>
    </message>
    <message>
        <source>The id does not follow from sender and nonce: it may be a copy of another transaction.</source>
        <translation>ID 与提交者和随机数不符：可能是另一交易的副本。</translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation>重复</translation>
    </message>
    <message>
        <source>A transaction with this id is in the ledger already; only the first counts.</source>
        <translation>账本中已有相同 ID 的交易；只有第一笔有效。</translation>
    </message>
    <message>
        <source>Policy failed</source>
        <translation>背书不足</translation>
    </message>
    <message>
        <source>Not all who must endorse this change have endorsed it.</source>
        <translation>必须背书此变更的组织没有全部背书。</translation>
    </message>
    <message>
        <source>Conflict</source>
        <translation>读写冲突</translation>
    </message>
    <message>
        <source>Between endorsement and commit, another transaction changed a key that this one had read.</source>
        <translation>在背书与提交之间，另一笔交易修改了本交易读取过的键。</translation>
    </message>
    <message>
        <source>Range conflict</source>
        <translation>范围冲突</translation>
    </message>
    <message>
        <source>Between endorsement and commit, keys appeared, changed or vanished in a range that this transaction had queried.</source>
        <translation>在背书与提交之间，本交易查询过的范围内有键出现、改变或消失。</translation>
    </message>
    <message>
        <source>Unknown kind</source>
        <translation>未知种类</translation>
    </message>
    <message>
        <source>Peers do not know this type of transaction.</source>
        <translation>节点不认识此类交易。</translation>
    </message>
    <message>
        <source>Other channel</source>
        <translation>其他通道</translation>
    </message>
    <message>
        <source>It names a channel that the peer does not have.</source>
        <translation>它指定的通道在该节点上不存在。</translation>
    </message>
    <message>
        <source>Not writable</source>
        <translation>无法写入</translation>
    </message>
    <message>
        <source>The peer could not write it in its own form.</source>
        <translation>节点无法以自身形式写入。</translation>
    </message>
    <message>
        <source>No content</source>
        <translation>无内容</translation>
    </message>
    <message>
        <source>The transaction holds no action.</source>
        <translation>交易中没有动作。</translation>
    </message>
    <message>
        <source>Expired</source>
        <translation>已过期</translation>
    </message>
    <message>
        <source>The contract was upgraded after the transaction was endorsed.</source>
        <translation>交易背书之后链码被升级。</translation>
    </message>
    <message>
        <source>Other version</source>
        <translation>版本不符</translation>
    </message>
    <message>
        <source>It was endorsed by another version of the contract than the one in force.</source>
        <translation>为其背书的链码版本与当前生效的版本不同。</translation>
    </message>
    <message>
        <source>The part of the header that names the contract cannot be read.</source>
        <translation>头部中指明链码的部分无法读取。</translation>
    </message>
    <message>
        <source>The part of the header that names channel and type cannot be read.</source>
        <translation>头部中指明通道与类型的部分无法读取。</translation>
    </message>
    <message>
        <source>Bad response</source>
        <translation>响应无效</translation>
    </message>
    <message>
        <source>What the endorsers signed cannot be read.</source>
        <translation>背书者签名的内容无法读取。</translation>
    </message>
    <message>
        <source>Bad write set</source>
        <translation>写集无效</translation>
    </message>
    <message>
        <source>The list of reads and writes cannot be read.</source>
        <translation>读写列表无法读取。</translation>
    </message>
    <message>
        <source>The list of reads and writes names the same contract more than once.</source>
        <translation>读写列表多次列出同一链码。</translation>
    </message>
    <message>
        <source>Bad write</source>
        <translation>写入无效</translation>
    </message>
    <message>
        <source>The peer&apos;s database does not allow a key or a value.</source>
        <translation>节点的数据库不允许其中的键或值。</translation>
    </message>
    <message>
        <source>No contract</source>
        <translation>无链码</translation>
    </message>
    <message>
        <source>The contract is not defined on the channel, or the transaction names it in two ways.</source>
        <translation>通道上没有定义该链码，或交易以两种方式指定它。</translation>
    </message>
    <message>
        <source>Not judged</source>
        <translation>未判定</translation>
    </message>
    <message>
        <source>No peer has judged this transaction.</source>
        <translation>没有节点验证过此交易。</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>已拒绝</translation>
    </message>
    <message>
        <source>The peer refused it for a reason that has no name of its own.</source>
        <translation>节点因没有专门名称的原因拒绝了它。</translation>
    </message>
    <message>
        <source>A part of the history may have been changed, removed or exchanged after it was agreed on.</source>
        <translation>历史的一部分可能在达成一致之后被更改、删除或调换。</translation>
    </message>
    <message>
        <source>The transactions in the block are not the ones that the orderers signed.</source>
        <translation>区块中的交易不是排序节点签名的那些。</translation>
    </message>
    <message>
        <source>Blocks are missing or in a wrong order; what they changed is unknown.</source>
        <translation>区块缺失或顺序错误；它们改变的内容未知。</translation>
    </message>
    <message>
        <source>The record says that a transaction counted although it did not, or the other way round.</source>
        <translation>记录中对交易是否有效的说法与事实相反。</translation>
    </message>
    <message>
        <source>The peer came to another result than this check: its state is not what the blocks say.</source>
        <translation>节点得出的结果与本次检查不同：其状态与区块内容不符。</translation>
    </message>
    <message>
        <source>Without enough signatures of orderers anybody could have written this block.</source>
        <translation>排序节点签名不足，任何人都可能写出此区块。</translation>
    </message>
    <message>
        <source>The channel was changed without the agreement that its rules demand.</source>
        <translation>通道的更改没有取得其规则要求的同意。</translation>
    </message>
    <message>
        <source>The chain starts in the middle: its first configuration is believed. Compare its hash with a source that you trust.</source>
        <translation>链从中间开始：其首个配置被直接采信。请与可信来源比较其哈希。</translation>
    </message>
    <message>
        <source>Without the state before the first block it cannot be told what was current; a snapshot would give it.</source>
        <translation>缺少第一个区块之前的状态，无法判断当时的最新值；快照可以提供。</translation>
    </message>
    <message>
        <source>The file was cut while it was written or copied; a peer drops such a tail when it starts.</source>
        <translation>文件在写入或复制时被截断；节点启动时会丢弃这样的尾部。</translation>
    </message>
    <message>
        <source>The blocks come from an orderer; which transactions counted is computed here.</source>
        <translation>区块来自排序节点；哪些交易有效由此处计算得出。</translation>
    </message>
    <message>
        <source>What cannot be read cannot be checked.</source>
        <translation>无法读取的内容无法检查。</translation>
    </message>
    <message>
        <source>What cannot be read cannot be checked, and blocks behind it neither.</source>
        <translation>无法读取的内容无法检查，其后的区块也无法检查。</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>空</translation>
    </message>
    <message numerus="yes">
        <source>%n byte(s): %1</source>
        <translation>
            <numerusform>%n 字节：%1</numerusform>
        </translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>Code %1</source>
        <translation>代码 %1</translation>
    </message>
    <message>
        <source>The block records a verdict that is not known here.</source>
        <translation>区块记录的判定在此处未知。</translation>
    </message>
    <message>
        <source>reason  %1</source>
        <translation>原因  %1</translation>
    </message>
    <message>
        <source>message  %1</source>
        <translation>原文  %1</translation>
    </message>
    <message>
        <source>, </source>
        <comment>between the parts of a line</comment>
        <translation>，</translation>
    </message>
    <message>
        <source>client</source>
        <translation>客户端</translation>
    </message>
    <message>
        <source>peer</source>
        <translation>节点</translation>
    </message>
    <message>
        <source>admin</source>
        <translation>管理员</translation>
    </message>
    <message>
        <source>orderer</source>
        <translation>排序节点</translation>
    </message>
</context>
<context>
    <name>NavRail</name>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>Govern</source>
        <translation>治理</translation>
    </message>
    <message>
        <source>Observe</source>
        <translation>观测</translation>
    </message>
    <message>
        <source>Operate</source>
        <translation>应用</translation>
    </message>
</context>
<context>
    <name>SentenceWords</name>
    <message>
        <source>application</source>
        <translation>应用</translation>
    </message>
    <message>
        <source>orderers</source>
        <translation>排序者</translation>
    </message>
    <message>
        <source>orderer</source>
        <translation>排序</translation>
    </message>
    <message>
        <source>channel</source>
        <translation>通道</translation>
    </message>
    <message>
        <source>consortiums</source>
        <translation>联盟</translation>
    </message>
    <message>
        <source>signing</source>
        <translation>签名</translation>
    </message>
    <message>
        <source>client TLS</source>
        <translation>客户端 TLS</translation>
    </message>
    <message>
        <source>server TLS</source>
        <translation>服务端 TLS</translation>
    </message>
    <message>
        <source>tick interval</source>
        <translation>心跳间隔单位</translation>
    </message>
    <message>
        <source>election ticks</source>
        <translation>选举间隔</translation>
    </message>
    <message>
        <source>heartbeat ticks</source>
        <translation>心跳间隔</translation>
    </message>
    <message>
        <source>blocks in flight</source>
        <translation>在途区块数</translation>
    </message>
    <message>
        <source>snapshot interval</source>
        <translation>快照间隔</translation>
    </message>
    <message>
        <source>on</source>
        <translation>开</translation>
    </message>
    <message>
        <source>off</source>
        <translation>关</translation>
    </message>
    <message>
        <source>not set</source>
        <translation>未设置</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>无上限</translation>
    </message>
    <message>
        <source>normal operation</source>
        <translation>正常运行</translation>
    </message>
    <message>
        <source>maintenance</source>
        <translation>维护</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>无</translation>
    </message>
    <message>
        <source>any CA of the organisation</source>
        <translation>该组织的任一 CA</translation>
    </message>
    <message>
        <source>nobody</source>
        <translation>无人</translation>
    </message>
    <message>
        <source>anybody, without any signature</source>
        <translation>任何人，无需签名</translation>
    </message>
    <message>
        <source>issuer key</source>
        <translation>签发者公钥</translation>
    </message>
    <message>
        <source>revocation key</source>
        <translation>吊销公钥</translation>
    </message>
    <message>
        <source>epoch</source>
        <translation>纪元</translation>
    </message>
    <message>
        <source>Peers stop here.</source>
        <translation>节点会停在此处。</translation>
    </message>
    <message>
        <source>nobody can satisfy it</source>
        <translation>无人能够满足</translation>
    </message>
    <message>
        <source>%1 bytes</source>
        <translation>%1 字节</translation>
    </message>
    <message>
        <source>%1 byte</source>
        <translation>%1 字节</translation>
    </message>
    <message>
        <source>%1 entries</source>
        <translation>%1 条</translation>
    </message>
    <message>
        <source>%1 entry</source>
        <translation>%1 条</translation>
    </message>
    <message>
        <source>envelope</source>
        <translation>信封</translation>
    </message>
    <message>
        <source>payload</source>
        <translation>载荷</translation>
    </message>
    <message>
        <source>channel header</source>
        <translation>通道头部</translation>
    </message>
    <message>
        <source>signature header</source>
        <translation>签名头部</translation>
    </message>
    <message>
        <source>creator</source>
        <translation>提交者</translation>
    </message>
    <message>
        <source>header extension</source>
        <translation>头部扩展</translation>
    </message>
    <message>
        <source>config</source>
        <translation>配置</translation>
    </message>
    <message>
        <source>transaction</source>
        <translation>交易</translation>
    </message>
    <message>
        <source>signature header of the action</source>
        <translation>动作的签名头部</translation>
    </message>
    <message>
        <source>action payload</source>
        <translation>动作载荷</translation>
    </message>
    <message>
        <source>proposal payload</source>
        <translation>提案载荷</translation>
    </message>
    <message>
        <source>invocation</source>
        <translation>调用</translation>
    </message>
    <message>
        <source>response payload</source>
        <translation>响应载荷</translation>
    </message>
    <message>
        <source>chaincode action</source>
        <translation>链码动作</translation>
    </message>
    <message>
        <source>read/write set</source>
        <translation>读写集</translation>
    </message>
    <message>
        <source>event</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>nobody (no mod_policy)</source>
        <translation>无人（没有 mod_policy）</translation>
    </message>
    <message>
        <source>a whole number</source>
        <translation>整数</translation>
    </message>
    <message>
        <source>a validation code such as MVCC_READ_CONFLICT or 11</source>
        <translation>验证码，例如 MVCC_READ_CONFLICT 或 11</translation>
    </message>
    <message>
        <source>a time in UTC such as 2026-03-17 or 2026-03-17T14:30, or an age such as 24h or 7d</source>
        <translation>UTC 时间（例如 2026-03-17 或 2026-03-17T14:30），或时长（例如 24h 或 7d）</translation>
    </message>
    <message>
        <source>valid, invalid or unjudged</source>
        <translation>valid、invalid 或 unjudged</translation>
    </message>
    <message>
        <source>config or endorser</source>
        <translation>config 或 endorser</translation>
    </message>
    <message>
        <source>a word such as &quot;block&quot; before the operator</source>
        <translation>运算符之前应有词语，例如 “block”</translation>
    </message>
    <message>
        <source>quotes around the whole value</source>
        <translation>整个值加引号</translation>
    </message>
    <message>
        <source>a closing quote</source>
        <translation>右引号</translation>
    </message>
    <message>
        <source>a value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>a term</source>
        <translation>条件</translation>
    </message>
    <message>
        <source>at most 4,096 bytes</source>
        <translation>最多 4,096 字节</translation>
    </message>
    <message>
        <source>at most 32 terms</source>
        <translation>最多 32 个条件</translation>
    </message>
    <message>
        <source>one of the words block, time, size, transactions, tx, key, contract, function, creator, org, endorser, event, result, code and type, or quotes around free text</source>
        <translation>词语 block、time、size、transactions、tx、key、contract、function、creator、org、endorser、event、result、code 和 type 之一，或给自由文本加引号</translation>
    </message>
    <message>
        <source>a size such as 25KB, 1.5MB or 800</source>
        <translation>大小，例如 25KB、1.5MB 或 800</translation>
    </message>
    <message>
        <source>block number</source>
        <translation>区块号</translation>
    </message>
    <message>
        <source>UTC date or time, or an age such as 24h</source>
        <translation>UTC 日期或时间，或时长，如 24h</translation>
    </message>
    <message>
        <source>bytes of the block: 25KB, 1.5MB</source>
        <translation>区块字节数，如 25KB、1.5MB</translation>
    </message>
    <message>
        <source>how many the block has</source>
        <translation>区块内的交易数</translation>
    </message>
    <message>
        <source>transaction id, or its first digits</source>
        <translation>交易 ID 或其开头</translation>
    </message>
    <message>
        <source>key that is read or written; * at the end for all that begin so</source>
        <translation>读取或写入的键；以 * 结尾表示以此开头的所有键</translation>
    </message>
    <message>
        <source>contract that is called</source>
        <translation>被调用的链码</translation>
    </message>
    <message>
        <source>function that is called</source>
        <translation>被调用的函数</translation>
    </message>
    <message>
        <source>name or certificate fingerprint of who submitted</source>
        <translation>提交者的名称或证书指纹</translation>
    </message>
    <message>
        <source>MSP of who submitted</source>
        <translation>提交者的 MSP</translation>
    </message>
    <message>
        <source>MSP or name of somebody who endorsed</source>
        <translation>某个背书者的 MSP 或名称</translation>
    </message>
    <message>
        <source>event of a contract</source>
        <translation>链码事件</translation>
    </message>
    <message>
        <source>validation code by name or number</source>
        <translation>验证代码的名称或编号</translation>
    </message>
    <message>
        <source>last hour</source>
        <translation>最近 1 小时</translation>
    </message>
    <message>
        <source>last 24 hours</source>
        <translation>最近 24 小时</translation>
    </message>
    <message>
        <source>last 7 days</source>
        <translation>最近 7 天</translation>
    </message>
    <message>
        <source>last 30 days</source>
        <translation>最近 30 天</translation>
    </message>
    <message>
        <source>1,000 bytes</source>
        <translation>1,000 字节</translation>
    </message>
    <message>
        <source>1,000,000 bytes</source>
        <translation>1,000,000 字节</translation>
    </message>
    <message>
        <source>changed the state</source>
        <translation>改变了状态</translation>
    </message>
    <message>
        <source>refused by the peers</source>
        <translation>被节点拒绝</translation>
    </message>
    <message>
        <source>no peer&apos;s verdict is recorded</source>
        <translation>没有记录节点的判定</translation>
    </message>
    <message>
        <source>changes of the channel</source>
        <translation>通道变更</translation>
    </message>
    <message>
        <source>calls of contracts</source>
        <translation>链码调用</translation>
    </message>
    <message>
        <source>key</source>
        <translation>键</translation>
    </message>
    <message>
        <source>contract</source>
        <translation>链码</translation>
    </message>
    <message>
        <source>function</source>
        <translation>函数</translation>
    </message>
    <message>
        <source>org</source>
        <translation>组织</translation>
    </message>
    <message>
        <source>endorser</source>
        <translation>背书者</translation>
    </message>
    <message>
        <source>code</source>
        <translation>验证代码</translation>
    </message>
    <message>
        <source>type</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>block</source>
        <translation>区块</translation>
    </message>
</context>
<context>
    <name>Sentences</name>
    <message>
        <source>ALREADY_SIGNED</source>
        <translation>{name}（{msp}）已签署过此更新</translation>
    </message>
    <message>
        <source>BAD_KDF</source>
        <translation>密钥派生参数不可用</translation>
    </message>
    <message>
        <source>BAD_KEY_LABEL</source>
        <translation>密钥标签须为 1 至 128 字节的 UTF-8 文本</translation>
    </message>
    <message>
        <source>EMPTY_PASSPHRASE</source>
        <translation>口令为空，起不到保护作用</translation>
    </message>
    <message>
        <source>NOT_A_TOKEN_MODULE</source>
        <translation>{file} 不是可用的 PKCS#11 模块</translation>
    </message>
    <message>
        <source>NO_PEER</source>
        <translation>没有可以询问的节点</translation>
    </message>
    <message>
        <source>NOT_VALID</source>
        <translation>交易 {txid} 无效：{code}</translation>
    </message>
    <message>
        <source>COMMIT_UNKNOWN</source>
        <translation>交易 {txid} 已排序，但不知道它是否已提交</translation>
    </message>
    <message>
        <source>NO_ORDERER</source>
        <translation>没有排序者</translation>
    </message>
    <message>
        <source>NOT_DELIVERED</source>
        <translation>节点没有给出区块</translation>
    </message>
    <message>
        <source>NO_SUCH_NODE</source>
        <translation>没有节点 {node}</translation>
    </message>
    <message>
        <source>CONTRACT_REFUSED</source>
        <translation>{peer} 回答 {status}[：{message}]</translation>
    </message>
    <message>
        <source>NOT_STARTED</source>
        <translation>{node} 尚未启动</translation>
    </message>
    <message>
        <source>BAD_NETWORK</source>
        <translation>{path} 中的 network.json 没有描述网络</translation>
    </message>
    <message>
        <source>NO_NETWORK</source>
        <translation>{path} 中没有网络</translation>
    </message>
    <message>
        <source>ALREADY_EXISTS</source>
        <translation>{path} 已存在</translation>
    </message>
    <message>
        <source>BAD_PLAN</source>
        <translation>续期计划已损坏</translation>
    </message>
    <message>
        <source>CRL_NOT_OF_MSP</source>
        <translation>{issuer} 的吊销列表不是由 {msp} 的任何 CA 签名的</translation>
    </message>
    <message>
        <source>CRL_OLDER</source>
        <translation>通道中已有 {issuer} 的更新的吊销列表</translation>
    </message>
    <message>
        <source>FINGERPRINT_DIFFERS</source>
        <translation>这些词与该文件不符:文件是另一份,或在途中被更改</translation>
    </message>
    <message>
        <source>NO_CHANNEL_NAME</source>
        <translation>该文件未说明属于哪个通道;请使用配置区块</translation>
    </message>
    <message>
        <source>NO_PLAN</source>
        <translation>{path} 中没有续期计划</translation>
    </message>
    <message>
        <source>NO_SUCH_CERTIFICATE</source>
        <translation>{msp} 没有证书 {name}</translation>
    </message>
    <message>
        <source>NO_SUCH_MSP</source>
        <translation>通道 {channel} 中没有组织 {msp}</translation>
    </message>
    <message>
        <source>OTHER_NAMES</source>
        <translation>新证书不包含旧证书服务的名称 {host}</translation>
    </message>
    <message>
        <source>PLAN_EXISTS</source>
        <translation>{path} 中已有计划;请继续该计划,或换一个文件夹</translation>
    </message>
    <message>
        <source>PRIVATE_KEY_INSIDE</source>
        <translation>其中含有私钥:不得交给任何人;若已交出,必须吊销其证书</translation>
    </message>
    <message>
        <source>NETWORK_EXISTS</source>
        <translation>{path} 中已有一个网络</translation>
    </message>
    <message>
        <source>BAD_CA_NAME</source>
        <translation>CA 的名称无效：须为 1 至 64 字节，不含斜杠，不以点开头，且两个 CA 的名称不同</translation>
    </message>
    <message>
        <source>BAD_CA_FOLDER</source>
        <translation>{path} 中的 ca.json 没有描述 CA</translation>
    </message>
    <message>
        <source>CA_EXISTS</source>
        <translation>{path} 中已有 CA</translation>
    </message>
    <message>
        <source>NO_CA</source>
        <translation>{path} 中没有 CA</translation>
    </message>
    <message>
        <source>SUITE_MISMATCH</source>
        <translation>该 CA 只为套件 {suite} 的密钥签发证书，而此密钥的类型是 {key}：一个网络只用一种套件</translation>
    </message>
    <message>
        <source>MIXED_SUITES</source>
        <translation>MSP {msp} 用 SM2 签名，而 MSP {other} 不用：一个通道的所有组织使用同一种套件</translation>
    </message>
    <message>
        <source>BAD_COLLECTIONS</source>
        <translation>私有集合 {index} 的定义无效</translation>
    </message>
    <message>
        <source>NEWER_FORMAT</source>
        <translation>账本文件的格式为 {found}，本程序尚不认识</translation>
    </message>
    <message>
        <source>BAD_LEDGER_FILE</source>
        <translation>账本文件已损坏[，在第 {offset} 字节处]</translation>
    </message>
    <message>
        <source>BAD_LOG_SPEC</source>
        <translation>日志设置“{spec}”无效</translation>
    </message>
    <message>
        <source>FIRST_CONFIG_TRUSTED</source>
        <translation>区块 {block} 的配置被直接信任，因为链中在它之前没有配置。</translation>
    </message>
    <message>
        <source>CONFIG_TRUSTED</source>
        <translation>区块 {block} 的配置被直接信任。</translation>
    </message>
    <message>
        <source>NO_TOKEN</source>
        <translation>没有可用的令牌“{token}”</translation>
    </message>
    <message>
        <source>NO_TOKEN_KEY</source>
        <translation>令牌中没有该密钥[：{key}]</translation>
    </message>
    <message>
        <source>NO_TOKEN_MODULE</source>
        <translation>没有 PKCS#11 模块 {file}</translation>
    </message>
    <message>
        <source>NO_UPDATE</source>
        <translation>文件中是配置，而不是可以签署的更新</translation>
    </message>
    <message>
        <source>SEAL_BROKEN</source>
        <translation>封印不符：密钥不同，或内容已被改动</translation>
    </message>
    <message>
        <source>BAD_TOKEN_URI</source>
        <translation>它没有指明令牌中的密钥</translation>
    </message>
    <message>
        <source>SECRET_FILE_MODE</source>
        <translation>{file} 中存有机密，却对其他用户开放；请将其权限改为 600</translation>
    </message>
    <message>
        <source>SEVERAL_TOKENS</source>
        <translation>有多个令牌名为“{token}”；请同时给出序列号</translation>
    </message>
    <message>
        <source>SEVERAL_TOKEN_KEYS</source>
        <translation>令牌“{token}”中有多个密钥“{key}”；请给出其标识</translation>
    </message>
    <message>
        <source>STATE_FROM_SNAPSHOT</source>
        <translation>区块 {block} 之后的状态取自快照；区块中没有任何内容为其担保。</translation>
    </message>
    <message>
        <source>ACTION_WITHOUT_ENDORSEMENT</source>
        <translation>节点遇到动作中没有背书部分的交易时会崩溃。</translation>
    </message>
    <message>
        <source>ALL_SATISFIED</source>
        <translation>签名正确，所有策略均已满足。</translation>
    </message>
    <message>
        <source>ANCHOR_DIFFERS</source>
        <translation>区块 {block} 不是受信任的区块：其哈希为 {actual}，应为 {right}。</translation>
    </message>
    <message>
        <source>AND_OTHERS</source>
        <translation>以及其他</translation>
    </message>
    <message>
        <source>APPROVAL_FIELD</source>
        <translation>对 {contract} 定义 {sequence} 的批准：{why}</translation>
    </message>
    <message>
        <source>ARCHIVE_WRITE</source>
        <translation>无法写入归档</translation>
    </message>
    <message>
        <source>BAD_ACTION_HEADER</source>
        <translation>动作的签名头部缺少随机数或提交者。</translation>
    </message>
    <message>
        <source>BAD_ADMIN</source>
        <translation>管理员证书无效[：{certificate}]</translation>
    </message>
    <message>
        <source>BAD_ANCHOR</source>
        <translation>要信任的必须是配置区块[：{path}]。</translation>
    </message>
    <message>
        <source>BAD_ARCHIVE</source>
        <translation>归档已损坏</translation>
    </message>
    <message>
        <source>BAD_BASE64</source>
        <translation>文本不是 base64</translation>
    </message>
    <message>
        <source>BAD_BLOCK_FILE</source>
        <translation>区块文件已损坏[，在第 {offset} 字节处]</translation>
    </message>
    <message>
        <source>BAD_BLOCK_VALIDATION</source>
        <translation>区块验证策略不可用</translation>
    </message>
    <message>
        <source>BAD_CERTIFICATE</source>
        <translation>证书已损坏</translation>
    </message>
    <message>
        <source>BAD_CHAIN</source>
        <translation>证书链无效</translation>
    </message>
    <message>
        <source>BAD_CHAINCODE_NAME</source>
        <translation>链码名称不允许</translation>
    </message>
    <message>
        <source>BAD_CHAINCODE_VERSION</source>
        <translation>链码版本不允许</translation>
    </message>
    <message>
        <source>BAD_CHANNEL_NAME</source>
        <translation>通道名称不允许[：{name}]</translation>
    </message>
    <message>
        <source>BAD_COLLECTION_NAME</source>
        <translation>集合名称不允许</translation>
    </message>
    <message>
        <source>BAD_COMMIT_HASH</source>
        <translation>提交哈希无法读取[：{why}]</translation>
    </message>
    <message>
        <source>BAD_CONFIG</source>
        <translation>[{stops|w}]配置无法使用[：{why}]。</translation>
    </message>
    <message>
        <source>BAD_CONSENSUS</source>
        <translation>共识设置不允许</translation>
    </message>
    <message>
        <source>BAD_CONSENTER</source>
        <translation>共识节点无效[：{consenter}]</translation>
    </message>
    <message>
        <source>BAD_CRL</source>
        <translation>证书吊销列表已损坏</translation>
    </message>
    <message>
        <source>BAD_DEFINITION</source>
        <translation>[{stops|w}]链码定义[（{contract}）]无法读取。</translation>
    </message>
    <message>
        <source>BAD_DURATION</source>
        <translation>时长的写法不正确</translation>
    </message>
    <message>
        <source>BAD_EPOCH</source>
        <translation>纪元不允许</translation>
    </message>
    <message>
        <source>BAD_FILE_NAME</source>
        <translation>文件名不能用于证据包</translation>
    </message>
    <message>
        <source>BAD_GENESIS</source>
        <translation>第一个区块没有配置。</translation>
    </message>
    <message>
        <source>BAD_HEADER_TYPE</source>
        <translation>头部类型不允许</translation>
    </message>
    <message>
        <source>BAD_HEX</source>
        <translation>文本不是十六进制[（第 {offset} 个字符）]</translation>
    </message>
    <message>
        <source>BAD_HOST</source>
        <translation>主机名无效</translation>
    </message>
    <message>
        <source>BAD_INTEGER</source>
        <translation>整数编码已损坏</translation>
    </message>
    <message>
        <source>BAD_JSON</source>
        <translation>不是 JSON[（第 {line} 行第 {column} 列）]</translation>
    </message>
    <message>
        <source>BAD_JSON_VALUE</source>
        <translation>JSON 中的值不符合要求[：{path}]</translation>
    </message>
    <message>
        <source>BAD_KEY</source>
        <translation>密钥无法读取</translation>
    </message>
    <message>
        <source>BAD_KEY_POLICY</source>
        <translation>节点会停在此处：{contract} 的[键“{key}”][集合 {collection} 中哈希为 {hash} 的私有键]的策略无法解码。</translation>
    </message>
    <message>
        <source>BAD_LABEL</source>
        <translation>标签不允许</translation>
    </message>
    <message>
        <source>BAD_LAST_CONFIG</source>
        <translation>最近配置的位置无法读取[：{why}]</translation>
    </message>
    <message>
        <source>BAD_METADATA</source>
        <translation>元数据无法读取。</translation>
    </message>
    <message>
        <source>BAD_MIGRATION</source>
        <translation>共识类型的迁移不允许</translation>
    </message>
    <message>
        <source>BAD_MOD_POLICY</source>
        <translation>修改策略的名称不允许</translation>
    </message>
    <message>
        <source>BAD_MSP</source>
        <translation>MSP 无效[：{path}]</translation>
    </message>
    <message>
        <source>BAD_MSP_CONFIG_FILE</source>
        <translation>MSP 的 config.yaml 无法使用[：{file}]</translation>
    </message>
    <message>
        <source>BAD_NAME</source>
        <translation>名称不允许[：{name}]</translation>
    </message>
    <message>
        <source>BAD_POLICY</source>
        <translation>策略无效[：{path}]</translation>
    </message>
    <message>
        <source>BAD_POLICY_TEXT</source>
        <translation>策略文本有误[，在第 {offset} 字节处]</translation>
    </message>
    <message>
        <source>BAD_REQUEST</source>
        <translation>证书请求已损坏</translation>
    </message>
    <message>
        <source>BAD_SEQUENCE</source>
        <translation>配置的序号为 {sequence}，而生效的为 {current}</translation>
    </message>
    <message>
        <source>BAD_SERIAL</source>
        <translation>序列号不允许</translation>
    </message>
    <message>
        <source>BAD_SIGNATURE</source>
        <translation>签名不正确</translation>
    </message>
    <message>
        <source>BAD_SIGNATURE_METADATA</source>
        <translation>签名元数据无法读取[：{why}]</translation>
    </message>
    <message>
        <source>BAD_SIGNER</source>
        <translation>签名者无效[：{signer}]</translation>
    </message>
    <message>
        <source>BAD_SNAPSHOT</source>
        <translation>快照已损坏[：{file}][，在第 {offset} 字节处]</translation>
    </message>
    <message>
        <source>BAD_SQL</source>
        <translation>数据库语句错误[：{path}]</translation>
    </message>
    <message>
        <source>BAD_TXID</source>
        <translation>交易 ID 不是由随机数和提交者得出的</translation>
    </message>
    <message>
        <source>BAD_UPDATE</source>
        <translation>配置更新无法使用</translation>
    </message>
    <message>
        <source>BAD_VALIDITY</source>
        <translation>有效期在开始之前已结束</translation>
    </message>
    <message>
        <source>BAD_VALUE</source>
        <translation>配置值不允许[：{path}]</translation>
    </message>
    <message>
        <source>BAD_VERSION</source>
        <translation>键的版本已损坏</translation>
    </message>
    <message>
        <source>BEFORE_ANCHOR</source>
        <translation>链从区块 {block} 开始，早于受信任的区块 {config} 的配置。</translation>
    </message>
    <message>
        <source>BLOCKS_MISSING</source>
        <translation>证据需要从区块 0 起的每个区块，但缺少区块</translation>
    </message>
    <message>
        <source>BLOCKS_UNREADABLE</source>
        <translation>证据包的区块无法读取。</translation>
    </message>
    <message>
        <source>BLOCK_CHANGED</source>
        <translation>账本文件已更改[：{file}]</translation>
    </message>
    <message>
        <source>BLOCK_NUMBER_TOO_LARGE</source>
        <translation>区块 {block} 的编号不可能存在</translation>
    </message>
    <message>
        <source>BYTES_BEHIND_SIGNATURE</source>
        <translation>排序者签名 {signature} 之后有 {bytes} 个字节；它们没有任何担保。</translation>
    </message>
    <message>
        <source>CALL_COLLECTION</source>
        <translation>私有集合 {name}</translation>
    </message>
    <message>
        <source>CALL_CONTRACT</source>
        <translation>链码</translation>
    </message>
    <message>
        <source>CALL_ENDORSERS</source>
        <translation>必须背书者</translation>
    </message>
    <message>
        <source>CALL_FIRST</source>
        <translation>首次调用</translation>
    </message>
    <message>
        <source>CALL_NUMBER</source>
        <translation>定义序号</translation>
    </message>
    <message>
        <source>CALL_PACKAGE</source>
        <translation>链码包</translation>
    </message>
    <message>
        <source>CALL_VERSION</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>CANDIDATE_LACKS</source>
        <translation>{name}：{why}</translation>
    </message>
    <message>
        <source>CANNOT_OPEN</source>
        <translation>无法打开[：{path}]</translation>
    </message>
    <message>
        <source>CAPABILITY_NEEDED</source>
        <translation>需要更高的能力级别[：{path}]</translation>
    </message>
    <message>
        <source>CA_MAY_NOT_SIGN</source>
        <translation>[证书“{certificate}”：]该 CA 不得签发证书</translation>
    </message>
    <message>
        <source>CA_WITHOUT_CA_FLAG</source>
        <translation>CA 证书没有标记为 CA</translation>
    </message>
    <message>
        <source>CA_WITHOUT_SUBJECT_KEY_ID</source>
        <translation>CA 证书没有使用者密钥标识符</translation>
    </message>
    <message>
        <source>CERTIFICATE_EXPIRED</source>
        <translation>[证书“{certificate}”：]已过期</translation>
    </message>
    <message>
        <source>CERTIFICATE_IS_CA</source>
        <translation>该证书是 CA 证书</translation>
    </message>
    <message>
        <source>CHANGE.ACL_ADDED</source>
        <translation>对 {resource} 的访问：{default} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.ACL_CHANGED</source>
        <translation>对 {resource} 的访问：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.ACL_REMOVED</source>
        <translation>对 {resource} 的访问：{before|w} → {default}</translation>
    </message>
    <message>
        <source>CHANGE.ADMIN_CERTIFICATE_ADDED</source>
        <translation>{organisation} 新增管理员：{item}</translation>
    </message>
    <message>
        <source>CHANGE.ADMIN_CERTIFICATE_CHANGED</source>
        <translation>管理员：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.ADMIN_CERTIFICATE_REMOVED</source>
        <translation>{organisation} 移除管理员：{item}</translation>
    </message>
    <message>
        <source>CHANGE.ANCHOR_PEER_ADDED</source>
        <translation>新增{organisation} 的锚节点 {item}</translation>
    </message>
    <message>
        <source>CHANGE.ANCHOR_PEER_CHANGED</source>
        <translation>{organisation} 的锚节点 {item}：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.ANCHOR_PEER_REMOVED</source>
        <translation>移除{organisation} 的锚节点 {item}</translation>
    </message>
    <message>
        <source>CHANGE.BATCH_ABSOLUTE_BYTES_ADDED</source>
        <translation>单笔交易大小（上限）：{after|w}</translation>
    </message>
    <message>
        <source>CHANGE.BATCH_ABSOLUTE_BYTES_CHANGED</source>
        <translation>单笔交易大小（上限）：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.BATCH_ABSOLUTE_BYTES_REMOVED</source>
        <translation>移除单笔交易大小（上限），原为：{before|w}</translation>
    </message>
    <message>
        <source>CHANGE.BATCH_MESSAGES_ADDED</source>
        <translation>每个区块的交易数（上限）：{after|w}</translation>
    </message>
    <message>
        <source>CHANGE.BATCH_MESSAGES_CHANGED</source>
        <translation>每个区块的交易数（上限）：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.BATCH_MESSAGES_REMOVED</source>
        <translation>移除每个区块的交易数（上限），原为：{before|w}</translation>
    </message>
    <message>
        <source>CHANGE.BATCH_PREFERRED_BYTES_ADDED</source>
        <translation>区块大小（首选）：{after|w}</translation>
    </message>
    <message>
        <source>CHANGE.BATCH_PREFERRED_BYTES_CHANGED</source>
        <translation>区块大小（首选）：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.BATCH_PREFERRED_BYTES_REMOVED</source>
        <translation>移除区块大小（首选），原为：{before|w}</translation>
    </message>
    <message>
        <source>CHANGE.BATCH_TIMEOUT_ADDED</source>
        <translation>出块超时：{after|w}</translation>
    </message>
    <message>
        <source>CHANGE.BATCH_TIMEOUT_CHANGED</source>
        <translation>出块超时：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.BATCH_TIMEOUT_REMOVED</source>
        <translation>移除出块超时，原为：{before|w}</translation>
    </message>
    <message>
        <source>CHANGE.BFT_OPTION_ADDED</source>
        <translation>BFT 的 {option|w}：{after|w}</translation>
    </message>
    <message>
        <source>CHANGE.BFT_OPTION_CHANGED</source>
        <translation>BFT 的 {option|w}：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.BFT_OPTION_REMOVED</source>
        <translation>移除BFT 的 {option|w}，原为：{before|w}</translation>
    </message>
    <message>
        <source>CHANGE.BLOCK_HASH_WIDTH_ADDED</source>
        <translation>区块数据哈希的宽度：{after|w}</translation>
    </message>
    <message>
        <source>CHANGE.BLOCK_HASH_WIDTH_CHANGED</source>
        <translation>区块数据哈希的宽度：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.BLOCK_HASH_WIDTH_REMOVED</source>
        <translation>移除区块数据哈希的宽度，原为：{before|w}</translation>
    </message>
    <message>
        <source>CHANGE.CAPABILITY_ADDED</source>
        <translation>新增{section|w}能力 {item}</translation>
    </message>
    <message>
        <source>CHANGE.CAPABILITY_CHANGED</source>
        <translation>{section|w}能力：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.CAPABILITY_REMOVED</source>
        <translation>移除{section|w}能力 {item}</translation>
    </message>
    <message>
        <source>CHANGE.CHANNEL_CREATION_POLICY_ADDED</source>
        <translation>谁可以在联盟 {name} 中创建通道：{after|w}</translation>
    </message>
    <message>
        <source>CHANGE.CHANNEL_CREATION_POLICY_CHANGED</source>
        <translation>谁可以在联盟 {name} 中创建通道：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.CHANNEL_CREATION_POLICY_REMOVED</source>
        <translation>移除谁可以在联盟 {name} 中创建通道，原为：{before|w}</translation>
    </message>
    <message>
        <source>CHANGE.CONSENSUS_METADATA_ADDED</source>
        <translation>无法读取的共识设置：{after|w}</translation>
    </message>
    <message>
        <source>CHANGE.CONSENSUS_METADATA_CHANGED</source>
        <translation>无法读取的共识设置：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.CONSENSUS_METADATA_REMOVED</source>
        <translation>移除无法读取的共识设置，原为：{before|w}</translation>
    </message>
    <message>
        <source>CHANGE.CONSENSUS_STATE_ADDED</source>
        <translation>排序服务的状态：{after|w}</translation>
    </message>
    <message>
        <source>CHANGE.CONSENSUS_STATE_CHANGED</source>
        <translation>排序服务的状态：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.CONSENSUS_STATE_REMOVED</source>
        <translation>移除排序服务的状态，原为：{before|w}</translation>
    </message>
    <message>
        <source>CHANGE.CONSENSUS_TYPE_ADDED</source>
        <translation>共识类型：{after|w}</translation>
    </message>
    <message>
        <source>CHANGE.CONSENSUS_TYPE_CHANGED</source>
        <translation>共识类型：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.CONSENSUS_TYPE_REMOVED</source>
        <translation>移除共识类型，原为：{before|w}</translation>
    </message>
    <message>
        <source>CHANGE.CONSENTER_ADDED</source>
        <translation>新增共识节点 {item}</translation>
    </message>
    <message>
        <source>CHANGE.CONSENTER_ADDRESS_ADDED</source>
        <translation>共识节点 {item} 的地址：{after|w}</translation>
    </message>
    <message>
        <source>CHANGE.CONSENTER_ADDRESS_CHANGED</source>
        <translation>共识节点 {item} 的地址：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.CONSENTER_ADDRESS_REMOVED</source>
        <translation>移除共识节点 {item} 的地址，原为：{before|w}</translation>
    </message>
    <message>
        <source>CHANGE.CONSENTER_CERTIFICATE_ADDED</source>
        <translation>共识节点 {item} 的{role|w}证书：{after|w}</translation>
    </message>
    <message>
        <source>CHANGE.CONSENTER_CERTIFICATE_CHANGED</source>
        <translation>共识节点 {item} 的{role|w}证书：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.CONSENTER_CERTIFICATE_REMOVED</source>
        <translation>移除共识节点 {item} 的{role|w}证书，原为：{before|w}</translation>
    </message>
    <message>
        <source>CHANGE.CONSENTER_CHANGED</source>
        <translation>共识节点 {item}：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.CONSENTER_MSP_ADDED</source>
        <translation>共识节点 {item} 的组织：{after|w}</translation>
    </message>
    <message>
        <source>CHANGE.CONSENTER_MSP_CHANGED</source>
        <translation>共识节点 {item} 的组织：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.CONSENTER_MSP_REMOVED</source>
        <translation>移除共识节点 {item} 的组织，原为：{before|w}</translation>
    </message>
    <message>
        <source>CHANGE.CONSENTER_REMOVED</source>
        <translation>移除共识节点 {item}</translation>
    </message>
    <message>
        <source>CHANGE.CONSORTIUM_ADDED</source>
        <translation>创建通道的联盟：{after|w}</translation>
    </message>
    <message>
        <source>CHANGE.CONSORTIUM_CHANGED</source>
        <translation>创建通道的联盟：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.CONSORTIUM_GROUP_ADDED</source>
        <translation>新增联盟 {name}</translation>
    </message>
    <message>
        <source>CHANGE.CONSORTIUM_GROUP_CHANGED</source>
        <translation>联盟 {name}：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.CONSORTIUM_GROUP_REMOVED</source>
        <translation>移除联盟 {name}</translation>
    </message>
    <message>
        <source>CHANGE.CONSORTIUM_REMOVED</source>
        <translation>移除创建通道的联盟，原为：{before|w}</translation>
    </message>
    <message>
        <source>CHANGE.ENCODING_ADDED</source>
        <translation>{path}：{after|w}</translation>
    </message>
    <message>
        <source>CHANGE.ENCODING_CHANGED</source>
        <translation>{path} 的次序或编码不同，内容相同</translation>
    </message>
    <message>
        <source>CHANGE.ENCODING_REMOVED</source>
        <translation>移除{path}，原为：{before|w}</translation>
    </message>
    <message>
        <source>CHANGE.ENDPOINT_ADDED</source>
        <translation>新增{organisation} 的排序者端点 {item}</translation>
    </message>
    <message>
        <source>CHANGE.ENDPOINT_CHANGED</source>
        <translation>{organisation} 的排序者端点 {item}：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.ENDPOINT_REMOVED</source>
        <translation>移除{organisation} 的排序者端点 {item}</translation>
    </message>
    <message>
        <source>CHANGE.HASHING_ALGORITHM_ADDED</source>
        <translation>通道的哈希算法：{after|w}</translation>
    </message>
    <message>
        <source>CHANGE.HASHING_ALGORITHM_CHANGED</source>
        <translation>通道的哈希算法：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.HASHING_ALGORITHM_REMOVED</source>
        <translation>移除通道的哈希算法，原为：{before|w}</translation>
    </message>
    <message>
        <source>CHANGE.INTERMEDIATE_CA_ADDED</source>
        <translation>{organisation} 新增中间 CA：{item}</translation>
    </message>
    <message>
        <source>CHANGE.INTERMEDIATE_CA_CHANGED</source>
        <translation>中间 CA：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.INTERMEDIATE_CA_REMOVED</source>
        <translation>{organisation} 移除中间 CA：{item}</translation>
    </message>
    <message>
        <source>CHANGE.KAFKA_BROKER_ADDED</source>
        <translation>新增Kafka 代理 {item}</translation>
    </message>
    <message>
        <source>CHANGE.KAFKA_BROKER_CHANGED</source>
        <translation>Kafka 代理 {item}：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.KAFKA_BROKER_REMOVED</source>
        <translation>移除Kafka 代理 {item}</translation>
    </message>
    <message>
        <source>CHANGE.MAX_CHANNELS_ADDED</source>
        <translation>通道数（上限）：{after|w}</translation>
    </message>
    <message>
        <source>CHANGE.MAX_CHANNELS_CHANGED</source>
        <translation>通道数（上限）：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.MAX_CHANNELS_REMOVED</source>
        <translation>移除通道数（上限），原为：{before|w}</translation>
    </message>
    <message>
        <source>CHANGE.MOD_POLICY_ADDED</source>
        <translation>谁可以更改 {path}：{after|w}</translation>
    </message>
    <message>
        <source>CHANGE.MOD_POLICY_CHANGED</source>
        <translation>谁可以更改 {path}：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.MOD_POLICY_REMOVED</source>
        <translation>移除谁可以更改 {path}，原为：{before|w}</translation>
    </message>
    <message>
        <source>CHANGE.MSP_CONFIG_ADDED</source>
        <translation>{organisation} 的无法读取的 MSP：{after|w}</translation>
    </message>
    <message>
        <source>CHANGE.MSP_CONFIG_CHANGED</source>
        <translation>{organisation} 的无法读取的 MSP：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.MSP_CONFIG_REMOVED</source>
        <translation>移除{organisation} 的无法读取的 MSP，原为：{before|w}</translation>
    </message>
    <message>
        <source>CHANGE.MSP_HASH_ADDED</source>
        <translation>{organisation} 的哈希函数：{after|w}</translation>
    </message>
    <message>
        <source>CHANGE.MSP_HASH_CHANGED</source>
        <translation>{organisation} 的哈希函数：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.MSP_HASH_REMOVED</source>
        <translation>移除{organisation} 的哈希函数，原为：{before|w}</translation>
    </message>
    <message>
        <source>CHANGE.MSP_IDEMIX_ADDED</source>
        <translation>{organisation} 的 Idemix {part|w}：{after|w}</translation>
    </message>
    <message>
        <source>CHANGE.MSP_IDEMIX_CHANGED</source>
        <translation>{organisation} 的 Idemix {part|w}：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.MSP_IDEMIX_REMOVED</source>
        <translation>移除{organisation} 的 Idemix {part|w}，原为：{before|w}</translation>
    </message>
    <message>
        <source>CHANGE.MSP_ID_ADDED</source>
        <translation>{organisation} 的 MSP ID：{after|w}</translation>
    </message>
    <message>
        <source>CHANGE.MSP_ID_CHANGED</source>
        <translation>{organisation} 的 MSP ID：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.MSP_ID_REMOVED</source>
        <translation>移除{organisation} 的 MSP ID，原为：{before|w}</translation>
    </message>
    <message>
        <source>CHANGE.MSP_KIND_ADDED</source>
        <translation>{organisation} 的 MSP 种类：{after|w}</translation>
    </message>
    <message>
        <source>CHANGE.MSP_KIND_CHANGED</source>
        <translation>{organisation} 的 MSP 种类：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.MSP_KIND_REMOVED</source>
        <translation>移除{organisation} 的 MSP 种类，原为：{before|w}</translation>
    </message>
    <message>
        <source>CHANGE.MSP_SIGNING_IDENTITY_ADDED</source>
        <translation>{organisation} 新增签名身份（通道中不应有）：{item}</translation>
    </message>
    <message>
        <source>CHANGE.MSP_SIGNING_IDENTITY_CHANGED</source>
        <translation>签名身份：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.MSP_SIGNING_IDENTITY_REMOVED</source>
        <translation>{organisation} 移除签名身份：{item}</translation>
    </message>
    <message>
        <source>CHANGE.NODE_OUS_ADDED</source>
        <translation>{organisation} 按单位区分角色：{after|w}</translation>
    </message>
    <message>
        <source>CHANGE.NODE_OUS_CHANGED</source>
        <translation>{organisation} 按单位区分角色：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.NODE_OUS_REMOVED</source>
        <translation>移除{organisation} 按单位区分角色，原为：{before|w}</translation>
    </message>
    <message>
        <source>CHANGE.NODE_OU_CERTIFIER_ADDED</source>
        <translation>为 {organisation} 的 {role} 担保的 CA：{after|w}</translation>
    </message>
    <message>
        <source>CHANGE.NODE_OU_CERTIFIER_CHANGED</source>
        <translation>为 {organisation} 的 {role} 担保的 CA：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.NODE_OU_CERTIFIER_REMOVED</source>
        <translation>移除为 {organisation} 的 {role} 担保的 CA，原为：{before|w}</translation>
    </message>
    <message>
        <source>CHANGE.ORDERER_ADDRESS_ADDED</source>
        <translation>新增全局排序者地址 {item}</translation>
    </message>
    <message>
        <source>CHANGE.ORDERER_ADDRESS_CHANGED</source>
        <translation>全局排序者地址 {item}：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.ORDERER_ADDRESS_REMOVED</source>
        <translation>移除全局排序者地址 {item}</translation>
    </message>
    <message>
        <source>CHANGE.ORGANISATION_ADDED</source>
        <translation>{section|w}新增组织 {organisation}</translation>
    </message>
    <message>
        <source>CHANGE.ORGANISATION_CHANGED</source>
        <translation>组织 {organisation}：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.ORGANISATION_REMOVED</source>
        <translation>{section|w}移除组织 {organisation}</translation>
    </message>
    <message>
        <source>CHANGE.OU_IDENTIFIER_ADDED</source>
        <translation>{organisation} 接受的单位新增：{item}</translation>
    </message>
    <message>
        <source>CHANGE.OU_IDENTIFIER_CHANGED</source>
        <translation>单位 {item}：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.OU_IDENTIFIER_REMOVED</source>
        <translation>{organisation} 接受的单位移除：{item}</translation>
    </message>
    <message>
        <source>CHANGE.POLICY_ADDED</source>
        <translation>新增策略 {path}：{after|w}</translation>
    </message>
    <message>
        <source>CHANGE.POLICY_CHANGED</source>
        <translation>策略 {path}：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.POLICY_REMOVED</source>
        <translation>移除策略 {path}，原为：{before|w}</translation>
    </message>
    <message>
        <source>CHANGE.RAFT_OPTION_ADDED</source>
        <translation>Raft 的{option|w}：{after|w}</translation>
    </message>
    <message>
        <source>CHANGE.RAFT_OPTION_CHANGED</source>
        <translation>Raft 的{option|w}：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.RAFT_OPTION_REMOVED</source>
        <translation>移除Raft 的{option|w}，原为：{before|w}</translation>
    </message>
    <message>
        <source>CHANGE.REVOCATION_LIST_ADDED</source>
        <translation>{organisation} 新增证书吊销列表：{item}</translation>
    </message>
    <message>
        <source>CHANGE.REVOCATION_LIST_CHANGED</source>
        <translation>{organisation} 由 {issuer} 签发的证书吊销列表：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.REVOCATION_LIST_REMOVED</source>
        <translation>{organisation} 移除证书吊销列表：{item}</translation>
    </message>
    <message>
        <source>CHANGE.REVOKED_SERIAL_ADDED</source>
        <translation>序列号 {item} 被吊销</translation>
    </message>
    <message>
        <source>CHANGE.REVOKED_SERIAL_CHANGED</source>
        <translation>序列号 {item}：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.REVOKED_SERIAL_REMOVED</source>
        <translation>序列号 {item} 不再被吊销</translation>
    </message>
    <message>
        <source>CHANGE.REWRITTEN_ADDED</source>
        <translation>{path}：{after|w}</translation>
    </message>
    <message>
        <source>CHANGE.REWRITTEN_CHANGED</source>
        <translation>{path} 重新设置而没有更改（版本 {before} → {after}）</translation>
    </message>
    <message>
        <source>CHANGE.REWRITTEN_REMOVED</source>
        <translation>移除{path}，原为：{before|w}</translation>
    </message>
    <message>
        <source>CHANGE.ROOT_CA_ADDED</source>
        <translation>{organisation} 新增根 CA：{item}</translation>
    </message>
    <message>
        <source>CHANGE.ROOT_CA_CHANGED</source>
        <translation>根 CA：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.ROOT_CA_REMOVED</source>
        <translation>{organisation} 移除根 CA：{item}</translation>
    </message>
    <message>
        <source>CHANGE.SECTION_ADDED</source>
        <translation>新增部分“{name}”</translation>
    </message>
    <message>
        <source>CHANGE.SECTION_CHANGED</source>
        <translation>部分“{name}”：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.SECTION_REMOVED</source>
        <translation>移除部分“{name}”</translation>
    </message>
    <message>
        <source>CHANGE.TLS_INTERMEDIATE_CA_ADDED</source>
        <translation>{organisation} 新增 TLS 中间 CA：{item}</translation>
    </message>
    <message>
        <source>CHANGE.TLS_INTERMEDIATE_CA_CHANGED</source>
        <translation>TLS 中间 CA：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.TLS_INTERMEDIATE_CA_REMOVED</source>
        <translation>{organisation} 移除 TLS 中间 CA：{item}</translation>
    </message>
    <message>
        <source>CHANGE.TLS_ROOT_CA_ADDED</source>
        <translation>{organisation} 新增 TLS 根 CA：{item}</translation>
    </message>
    <message>
        <source>CHANGE.TLS_ROOT_CA_CHANGED</source>
        <translation>TLS 根 CA：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.TLS_ROOT_CA_REMOVED</source>
        <translation>{organisation} 移除 TLS 根 CA：{item}</translation>
    </message>
    <message>
        <source>CHANGE.UNKNOWN_GROUP_ADDED</source>
        <translation>新增Fabric 不认识的组 {path}</translation>
    </message>
    <message>
        <source>CHANGE.UNKNOWN_GROUP_CHANGED</source>
        <translation>Fabric 不认识的组 {path}：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.UNKNOWN_GROUP_REMOVED</source>
        <translation>移除Fabric 不认识的组 {path}</translation>
    </message>
    <message>
        <source>CHANGE.UNKNOWN_PART_ADDED</source>
        <translation>{path} 中此处未知的部分：{after|w}</translation>
    </message>
    <message>
        <source>CHANGE.UNKNOWN_PART_CHANGED</source>
        <translation>{path} 中此处未知的部分：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.UNKNOWN_PART_REMOVED</source>
        <translation>移除{path} 中此处未知的部分，原为：{before|w}</translation>
    </message>
    <message>
        <source>CHANGE.UNKNOWN_VALUE_ADDED</source>
        <translation>Fabric 不认识的值 {path}：{after|w}</translation>
    </message>
    <message>
        <source>CHANGE.UNKNOWN_VALUE_CHANGED</source>
        <translation>Fabric 不认识的值 {path}：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.UNKNOWN_VALUE_REMOVED</source>
        <translation>移除Fabric 不认识的值 {path}，原为：{before|w}</translation>
    </message>
    <message>
        <source>CHANGE.UNREADABLE_VALUE_ADDED</source>
        <translation>无法读取的值 {path}：{after|w}</translation>
    </message>
    <message>
        <source>CHANGE.UNREADABLE_VALUE_CHANGED</source>
        <translation>无法读取的值 {path}：{before|w} → {after|w}</translation>
    </message>
    <message>
        <source>CHANGE.UNREADABLE_VALUE_REMOVED</source>
        <translation>移除无法读取的值 {path}，原为：{before|w}</translation>
    </message>
    <message>
        <source>CHANNELS_DEFAULT</source>
        <translation>通道的默认策略</translation>
    </message>
    <message>
        <source>CHANNELS_DIFFER</source>
        <translation>两个账本属于不同的通道：{left} 与 {right}</translation>
    </message>
    <message>
        <source>CLAIM_DIFFERS</source>
        <translation>{file} 所声明的与证据包的区块不符。</translation>
    </message>
    <message>
        <source>CLAIM_WITHOUT_BLOCK</source>
        <translation>声明了区块 {block} 的交易 {transaction}，但它不在证据包的区块中。</translation>
    </message>
    <message>
        <source>CODES_TAKEN_OVER</source>
        <translation>部分验证码遵循此处未知的规则或数据，按记录采用。</translation>
    </message>
    <message>
        <source>CODE_COUNT_DIFFERS</source>
        <translation>{transactions} 笔交易却记录了 {codes} 个验证码。</translation>
    </message>
    <message>
        <source>CODE_DIFFERS</source>
        <translation>记录为 {recorded}[，正确的是 {right}]。[{why}]</translation>
    </message>
    <message>
        <source>COLLECTION_KEPT_FOR</source>
        <translation>{members}；保留 {blocks} 个区块</translation>
    </message>
    <message>
        <source>COMMIT_HASH_DIFFERS</source>
        <translation>记录的提交哈希为 {recorded}，计算得出 {computed}：区块留下的状态或其验证码与此不同。</translation>
    </message>
    <message>
        <source>CONFIG_ADOPTED</source>
        <translation>从此处起，签名依区块 {block} 的配置判断，而该配置没有任何担保。</translation>
    </message>
    <message>
        <source>CONFIG_AMONG_OTHERS</source>
        <translation>[{stops|w}]配置被拒绝：它不是区块中唯一的交易。</translation>
    </message>
    <message>
        <source>CONFIG_FOLLOWS</source>
        <translation>该配置由前一个配置得出，且必须签名者均已签名。</translation>
    </message>
    <message>
        <source>CONFIG_MISSING</source>
        <translation>该区块依区块 {named} 的配置制作；证据包中在它之前的最后一个配置在区块 {before}。</translation>
    </message>
    <message>
        <source>CONFIG_NOT_AUTHORISED</source>
        <translation>该配置不是由前一个配置得出：{why}</translation>
    </message>
    <message>
        <source>CONFIG_REFUSED</source>
        <translation>[{stops|w}]配置被拒绝[：{why}]。</translation>
    </message>
    <message>
        <source>CONSENSUS_TYPE_CHANGED</source>
        <translation>在此能力级别下不能更改共识类型</translation>
    </message>
    <message>
        <source>CONSTRAINT</source>
        <translation>数据库约束未满足[：{path}]</translation>
    </message>
    <message>
        <source>CONTRACTS_DIFFER</source>
        <translation>头部指明链码 {header}，被背书的动作指明 {action}。</translation>
    </message>
    <message>
        <source>COUNTS_ELSEWHERE</source>
        <translation>已计入别处</translation>
    </message>
    <message>
        <source>CRL_WITHOUT_AUTHORITY_KEY_ID</source>
        <translation>证书吊销列表没有颁发机构密钥标识符</translation>
    </message>
    <message>
        <source>CRYPTO_FAILED</source>
        <translation>密码库出错</translation>
    </message>
    <message>
        <source>DATABASE_BUSY</source>
        <translation>数据库正被占用[：{path}]</translation>
    </message>
    <message>
        <source>DATABASE_DAMAGED</source>
        <translation>数据库已损坏[：{path}]</translation>
    </message>
    <message>
        <source>DATABASE_READ_ONLY</source>
        <translation>数据库为只读[：{path}]</translation>
    </message>
    <message>
        <source>DATA_HASH_DIFFERS</source>
        <translation>区块的数据不是其头部所指的数据：哈希不同。</translation>
    </message>
    <message>
        <source>DEFINITION_FIELD</source>
        <translation>{contract} 的定义：{why}</translation>
    </message>
    <message>
        <source>DEFINITION_NOT_ENDORSED</source>
        <translation>{why}</translation>
    </message>
    <message>
        <source>DEFINITION_NOT_HELD</source>
        <translation>证据包中没有链码的定义，因此无人能够判断谁必须背书。</translation>
    </message>
    <message>
        <source>DIFFERENT_MSPS</source>
        <translation>MSP[ {msp} ]在别处有不同的定义</translation>
    </message>
    <message>
        <source>DISK_FULL</source>
        <translation>磁盘已满[：{path}]</translation>
    </message>
    <message>
        <source>DUPLICATE</source>
        <translation>[本区块的交易 {transaction} 已使用相同的 ID {txId}。]账本中已有 ID 相同的交易。</translation>
    </message>
    <message>
        <source>DUPLICATE_BLOCK</source>
        <translation>有两个编号为 {number} 的不同区块</translation>
    </message>
    <message>
        <source>DUPLICATE_ENTRY</source>
        <translation>归档中的条目重复</translation>
    </message>
    <message>
        <source>DUPLICATE_KEY</source>
        <translation>JSON 对象中的键重复[：{path}]</translation>
    </message>
    <message>
        <source>DUPLICATE_NOT_SHOWN</source>
        <translation>较早的交易具有相同的 ID，这一点证据包并未表明。</translation>
    </message>
    <message>
        <source>DUPLICATE_ORGANISATION</source>
        <translation>有两个名为 {name} 的组织</translation>
    </message>
    <message>
        <source>DUPLICATE_ROW</source>
        <translation>数据库中已有该行[：{path}]</translation>
    </message>
    <message>
        <source>EMPTY_BLOCK</source>
        <translation>区块没有交易。</translation>
    </message>
    <message>
        <source>EMPTY_PRINCIPAL</source>
        <translation>组合主体没有任何内容</translation>
    </message>
    <message>
        <source>ENDORSED_ALREADY</source>
        <translation>同一身份已经背书</translation>
    </message>
    <message>
        <source>ENDPOINTS_MISSING</source>
        <translation>通道能力 V3_0 需要排序者的端点</translation>
    </message>
    <message>
        <source>EVENT_OF_OTHER_CONTRACT</source>
        <translation>事件声称来自链码 {contract}。</translation>
    </message>
    <message>
        <source>EVIDENCE_INCOMPLETE</source>
        <translation>并非每笔交易都能由证据包的区块说明</translation>
    </message>
    <message>
        <source>EVIDENCE_UNREADABLE</source>
        <translation>证据无法读取[：{file}]。</translation>
    </message>
    <message>
        <source>FIELD_COLLECTIONS</source>
        <translation>私有集合</translation>
    </message>
    <message>
        <source>FIELD_LIST</source>
        <translation>字段列表</translation>
    </message>
    <message>
        <source>FIELD_NUMBER</source>
        <translation>序号</translation>
    </message>
    <message>
        <source>FIELD_PACKAGE</source>
        <translation>链码包</translation>
    </message>
    <message>
        <source>FIELD_PACKAGES</source>
        <translation>链码包列表</translation>
    </message>
    <message>
        <source>FIELD_POLICY</source>
        <translation>背书策略</translation>
    </message>
    <message>
        <source>FIELD_VERSION</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>FILE_CHANGED</source>
        <translation>{file} 不是制作证据包时的文件：其 SHA-256 不同。</translation>
    </message>
    <message>
        <source>FILE_DIFFERS</source>
        <translation>{file} 与证据包的区块得出的内容不符。</translation>
    </message>
    <message>
        <source>FILE_ERROR</source>
        <translation>文件操作失败[：{path}]</translation>
    </message>
    <message>
        <source>FILE_MISSING</source>
        <translation>缺少 {file}。</translation>
    </message>
    <message>
        <source>FILE_NOT_LISTED</source>
        <translation>{file} 不属于证据包：evidence.json 没有列出它。</translation>
    </message>
    <message>
        <source>FILE_TOO_LARGE</source>
        <translation>[{path} ]有 {size} 字节，超过允许的 {limit} 字节</translation>
    </message>
    <message>
        <source>FILE_TOO_SHORT</source>
        <translation>文件短于要读取的范围[：{path}]</translation>
    </message>
    <message>
        <source>FILE_UNREADABLE</source>
        <translation>{file} 无法读取。</translation>
    </message>
    <message>
        <source>FIRST_BLOCK_TRUSTED</source>
        <translation>第一个区块直接受信任：它没有签名。</translation>
    </message>
    <message>
        <source>FOLDER_UNREADABLE</source>
        <translation>文件夹无法读取[：{folder}]</translation>
    </message>
    <message>
        <source>FOREIGN_DATABASE</source>
        <translation>是另一种数据库[：{path}]</translation>
    </message>
    <message>
        <source>FORM_IS_GOOD</source>
        <translation>区块记录为 {recorded}，但交易的形式、提交者和签名均正确。</translation>
    </message>
    <message>
        <source>GENESIS_METADATA</source>
        <translation>第一个区块含有工具不会写入的元数据；它们没有任何担保。</translation>
    </message>
    <message>
        <source>HASH_MISMATCH</source>
        <translation>文件不是制作快照时的文件[：{file}]</translation>
    </message>
    <message>
        <source>HIGH_S</source>
        <translation>签名的 S 大于曲线阶的一半</translation>
    </message>
    <message>
        <source>IDEMIX_UNSUPPORTED</source>
        <translation>MSP 为 Idemix 类型，此处无法判断其身份</translation>
    </message>
    <message>
        <source>INSECURE_ALGORITHM</source>
        <translation>签名算法不安全</translation>
    </message>
    <message>
        <source>INTERRUPTED</source>
        <translation>数据库操作被中断[：{path}]</translation>
    </message>
    <message>
        <source>ISSUER_HAS_CA_BELOW</source>
        <translation>签发者之下还有其他 CA</translation>
    </message>
    <message>
        <source>IT_IS_BAD</source>
        <translation>它是错误的。</translation>
    </message>
    <message>
        <source>JSON_TOO_DEEP</source>
        <translation>JSON 嵌套过深</translation>
    </message>
    <message>
        <source>JSON_TOO_LARGE</source>
        <translation>JSON 过大</translation>
    </message>
    <message>
        <source>KEY_CANNOT_SIGN</source>
        <translation>此类密钥不能对消息签名</translation>
    </message>
    <message>
        <source>KEY_CHANGED</source>
        <translation>它读取了 {contract} 的[键“{key}”][集合 {collection} 中哈希为 {hash} 的私有键][（版本 {read}）]；此后该键已被更改[（现为版本 {current}）][，由交易 {writer} 更改]。</translation>
    </message>
    <message>
        <source>KEY_CHANGED_IN_BLOCK</source>
        <translation>它读取了 {contract} 的[键“{key}”][集合 {collection} 中哈希为 {hash} 的私有键][（版本 {read}）]；同一区块中[交易 {writer} ]已将其更改。</translation>
    </message>
    <message>
        <source>KEY_ENCRYPTED</source>
        <translation>私钥已加密；请提供不带密码的私钥</translation>
    </message>
    <message>
        <source>KEY_MISMATCH</source>
        <translation>密钥与证书不符[：{certificate}]</translation>
    </message>
    <message>
        <source>KEY_POLICY_CHANGED</source>
        <translation>同一区块的交易 {transaction} 更改了 {contract} 的[键“{key}”][集合 {collection} 中哈希为 {hash} 的私有键]的策略。</translation>
    </message>
    <message>
        <source>KEY_POLICY_SET_BEFORE</source>
        <translation>区块中较早的交易设置了本交易所更改的键的策略；此时节点会拒绝本交易。</translation>
    </message>
    <message>
        <source>LAST_CONFIG_DIFFERS</source>
        <translation>元数据槽 1 没有像排序者签名的元数据那样指明区块 {expected} 为最近的配置。</translation>
    </message>
    <message>
        <source>LAST_CONFIG_WRONG</source>
        <translation>区块称最近的配置在区块 {named}，实际在区块 {right}。</translation>
    </message>
    <message>
        <source>LEDGERS_DIFFER</source>
        <translation>从区块 {block} 起，两个账本的区块不同。</translation>
    </message>
    <message>
        <source>LEDGERS_DIFFER_IN_STATE</source>
        <translation>两个账本的区块相同，但从区块 {block} 起，它们得出不同的状态或判定。</translation>
    </message>
    <message>
        <source>LEDGERS_SAME</source>
        <translation>直到区块 {block}，两个账本相同。</translation>
    </message>
    <message>
        <source>LEDGERS_SAME_BLOCKS</source>
        <translation>直到区块 {block}，两个账本相同。只有其中一个记录了区块留下的状态，或两者都没有。</translation>
    </message>
    <message>
        <source>LINKS_ONLY</source>
        <translation>通道配置未知：只检查衔接、数据哈希和区块的形式。</translation>
    </message>
    <message>
        <source>LINK_BROKEN</source>
        <translation>该区块没有给出前一个区块的哈希。</translation>
    </message>
    <message>
        <source>LOG_NOT_WRITABLE</source>
        <translation>日志文件无法写入[：{path}]</translation>
    </message>
    <message>
        <source>MAINTENANCE_AND_MORE</source>
        <translation>进入或离开维护模式的更新不得再更改其他内容</translation>
    </message>
    <message>
        <source>MALFORMED_PROTOBUF</source>
        <translation>[{path}：]编码已损坏[，在第 {offset} 字节处]</translation>
    </message>
    <message>
        <source>METADATA_NOT_JSON</source>
        <translation>metadata.json 不是 JSON 对象</translation>
    </message>
    <message>
        <source>METADATA_OF_DELETED_KEY</source>
        <translation>节点会在此处崩溃：交易设置了 {contract} 的键“{key}”的元数据，而该键已被同一区块中较早的交易删除。</translation>
    </message>
    <message>
        <source>META_POLICY</source>
        <translation>{count} 个组织的 {policy} 中的 {needed} 个</translation>
    </message>
    <message>
        <source>META_RULE_UNKNOWN</source>
        <translation>在满足某个子策略后，{rule} 不允许任何通过</translation>
    </message>
    <message>
        <source>MISSING_ELEMENT</source>
        <translation>缺少配置元素[：{path}]</translation>
    </message>
    <message>
        <source>MISSING_FIELD</source>
        <translation>缺少字段</translation>
    </message>
    <message>
        <source>MIXED_FOLDER</source>
        <translation>文件夹中混有不同种类的账本文件</translation>
    </message>
    <message>
        <source>MSP_ID_CHANGED</source>
        <translation>组织的 MSP ID 不得更改</translation>
    </message>
    <message>
        <source>MUST_INITIALISE</source>
        <translation>必须初始化链码</translation>
    </message>
    <message>
        <source>NAMESPACE_TWICE</source>
        <translation>读写集中命名空间 {contract} 出现了两次。</translation>
    </message>
    <message>
        <source>NAME_CONSTRAINT</source>
        <translation>名称违反 CA 的名称约束[：{name}]</translation>
    </message>
    <message>
        <source>NEEDS_CONFIG</source>
        <translation>需要通道配置</translation>
    </message>
    <message>
        <source>NEWER_SCHEMA</source>
        <translation>由本程序的较新版本写入[：{path}]</translation>
    </message>
    <message>
        <source>NODE_OU_MISSING</source>
        <translation>此版本 MSP 的节点单位必须同时指明客户端和节点</translation>
    </message>
    <message>
        <source>NONE</source>
        <translation>无</translation>
    </message>
    <message>
        <source>NON_CANONICAL_BLOCK</source>
        <translation>区块的写法与 Fabric 不同：其容器中的字节与内容不符。</translation>
    </message>
    <message>
        <source>NON_CANONICAL_METADATA</source>
        <translation>元数据槽中有不属于其内容的字节。</translation>
    </message>
    <message>
        <source>NOTHING_ASKED</source>
        <translation>没有请求任何交易或区块</translation>
    </message>
    <message>
        <source>NOTHING_CLAIMED</source>
        <translation>{file} 没有声明任何交易。</translation>
    </message>
    <message>
        <source>NOT_ALL_SATISFIED</source>
        <translation>区块记录为 VALID，但背书并未满足所有策略。</translation>
    </message>
    <message>
        <source>NOT_ALONE</source>
        <translation>它不是区块中唯一的交易</translation>
    </message>
    <message>
        <source>NOT_ANONYMOUS</source>
        <translation>有证书的身份不是匿名的</translation>
    </message>
    <message>
        <source>NOT_A_CA</source>
        <translation>该证书不是 CA 证书</translation>
    </message>
    <message>
        <source>NOT_A_DATABASE</source>
        <translation>不是数据库[：{path}]</translation>
    </message>
    <message>
        <source>NOT_A_FILE</source>
        <translation>不是文件[：{path}]</translation>
    </message>
    <message>
        <source>NOT_CONFIG</source>
        <translation>既不是配置区块，也不是其他形式的通道配置[：{path}]</translation>
    </message>
    <message>
        <source>NOT_DECODABLE</source>
        <translation>这些字节不是所称的消息</translation>
    </message>
    <message>
        <source>NOT_ENDORSED</source>
        <translation>提案响应没有背书</translation>
    </message>
    <message>
        <source>NOT_EVEN_SATISFIED</source>
        <translation>区块记录为 {recorded}，但背书甚至没有满足所有策略。</translation>
    </message>
    <message>
        <source>NOT_GZIP</source>
        <translation>不是 gzip 文件</translation>
    </message>
    <message>
        <source>NOT_ONE_ACTION</source>
        <translation>它有 {actions} 个动作，应为一个。</translation>
    </message>
    <message>
        <source>NOT_PEM</source>
        <translation>其中没有 PEM 块</translation>
    </message>
    <message>
        <source>NOT_READABLE</source>
        <translation>它无法读取</translation>
    </message>
    <message>
        <source>NOT_REGULAR</source>
        <translation>归档中的条目不是普通文件</translation>
    </message>
    <message>
        <source>NOT_UTF8</source>
        <translation>文本不是 UTF-8</translation>
    </message>
    <message>
        <source>NOT_WELL_FORMED</source>
        <translation>形式不正确</translation>
    </message>
    <message>
        <source>NOT_YET_VALID</source>
        <translation>[证书“{certificate}”：]尚未生效</translation>
    </message>
    <message>
        <source>NO_ACCEPTED_SIGNATURE</source>
        <translation>没有被接受的签名</translation>
    </message>
    <message>
        <source>NO_ADMINS</source>
        <translation>没有指明管理员证书，也没有管理员的节点单位</translation>
    </message>
    <message>
        <source>NO_BLOCKS</source>
        <translation>没有区块[：{file}]</translation>
    </message>
    <message>
        <source>NO_CHAINCODE_ACTION</source>
        <translation>响应载荷中没有链码的结果。</translation>
    </message>
    <message>
        <source>NO_CHANNEL</source>
        <translation>第一笔交易没有指明其通道[：{why}]。</translation>
    </message>
    <message>
        <source>NO_CHANNEL_GROUP</source>
        <translation>配置没有通道组</translation>
    </message>
    <message>
        <source>NO_CODE</source>
        <translation>其中没有 code.tar.gz</translation>
    </message>
    <message>
        <source>NO_COMMIT_HASH</source>
        <translation>区块有验证码，但没有提交哈希。</translation>
    </message>
    <message>
        <source>NO_CONFIG</source>
        <translation>其中没有完整的配置[：{path}]</translation>
    </message>
    <message>
        <source>NO_CONFIG_BLOCK</source>
        <translation>其中没有配置区块</translation>
    </message>
    <message>
        <source>NO_CONTRACT</source>
        <translation>没有指明链码。</translation>
    </message>
    <message>
        <source>NO_CONTRACT_VERSION</source>
        <translation>被背书的动作没有给出链码版本。</translation>
    </message>
    <message>
        <source>NO_CREATOR</source>
        <translation>签名头部没有指明提交者。</translation>
    </message>
    <message>
        <source>NO_DATA</source>
        <translation>交易没有数据。</translation>
    </message>
    <message>
        <source>NO_DEFINITION</source>
        <translation>通道上没有链码 {contract} 的完整定义。</translation>
    </message>
    <message>
        <source>NO_DELTA</source>
        <translation>该更新没有任何作用</translation>
    </message>
    <message>
        <source>NO_DIFFERENCE</source>
        <translation>两个配置相同</translation>
    </message>
    <message>
        <source>NO_ENDORSED_ACTION</source>
        <translation>动作没有背书部分。</translation>
    </message>
    <message>
        <source>NO_EVIDENCE</source>
        <translation>没有可读取的证据[：{path}]</translation>
    </message>
    <message>
        <source>NO_FIRST_ACTION</source>
        <translation>当没有动作的交易之后在同一区块中还有其他交易时，节点会崩溃。</translation>
    </message>
    <message>
        <source>NO_GENESIS</source>
        <translation>账本或证据包不是从区块 0 开始，而一切信任都由它而来。</translation>
    </message>
    <message>
        <source>NO_HEADER</source>
        <translation>没有头部。</translation>
    </message>
    <message>
        <source>NO_IDENTITY_CAN_BE</source>
        <translation>没有任何身份能够如此</translation>
    </message>
    <message>
        <source>NO_METADATA</source>
        <translation>没有元数据。</translation>
    </message>
    <message>
        <source>NO_NODE_OUS</source>
        <translation>该 MSP 不区分角色</translation>
    </message>
    <message>
        <source>NO_NONCE</source>
        <translation>签名头部没有随机数。</translation>
    </message>
    <message>
        <source>NO_PACKAGE</source>
        <translation>无，仅同意</translation>
    </message>
    <message>
        <source>NO_POLICY_THERE</source>
        <translation>没有这样的策略，因此无人能够满足</translation>
    </message>
    <message>
        <source>NO_PRIVATE_KEY</source>
        <translation>没有与证书相符的私钥[：{folder}]</translation>
    </message>
    <message>
        <source>NO_PROPOSAL</source>
        <translation>动作中没有提案。</translation>
    </message>
    <message>
        <source>NO_RECORDED_CODES</source>
        <translation>这些区块没有验证码，如同来自排序者的区块；只有计算得出的验证码。</translation>
    </message>
    <message>
        <source>NO_RESPONSES</source>
        <translation>交易至少需要一个提案响应</translation>
    </message>
    <message>
        <source>NO_ROLE_OU</source>
        <translation>其单位中没有表明角色的单位</translation>
    </message>
    <message>
        <source>NO_ROOT_CA</source>
        <translation>没有根 CA 证书[：{folder}]</translation>
    </message>
    <message>
        <source>NO_SIGNATURE</source>
        <translation>信封没有签名。</translation>
    </message>
    <message>
        <source>NO_SIGNATURE_OF</source>
        <translation>被接受的签名中没有 {msp} 的签名</translation>
    </message>
    <message>
        <source>NO_SIGNING_CERTIFICATE</source>
        <translation>没有签名证书[：{folder}]</translation>
    </message>
    <message>
        <source>NO_SUCH_BLOCK</source>
        <translation>没有区块 {block}</translation>
    </message>
    <message>
        <source>NO_SUCH_CONSENTER</source>
        <translation>通道没有共识节点 {consenter}</translation>
    </message>
    <message>
        <source>NO_SUCH_FILE</source>
        <translation>没有这个文件[：{file}]</translation>
    </message>
    <message>
        <source>NO_SUCH_FOLDER</source>
        <translation>没有文件夹[：{path}]</translation>
    </message>
    <message>
        <source>NO_SUCH_ORGANISATION</source>
        <translation>{msp} 不是通道的组织</translation>
    </message>
    <message>
        <source>NO_SUCH_POLICY</source>
        <translation>没有策略[ {policy}][ {path}]</translation>
    </message>
    <message>
        <source>NO_SUCH_POLICY_HERE</source>
        <translation>没有这样的策略</translation>
    </message>
    <message>
        <source>NO_SUCH_TRANSACTION</source>
        <translation>没有这笔交易[：{transaction}]</translation>
    </message>
    <message>
        <source>NO_TRANSACTION</source>
        <translation>需要在数据库事务之内</translation>
    </message>
    <message>
        <source>NO_VERDICT_AND_BAD</source>
        <translation>区块没有记录节点的判定；{why}</translation>
    </message>
    <message>
        <source>NO_VERDICT_BUT_GOOD</source>
        <translation>区块没有记录节点的判定；所有签名均正确。</translation>
    </message>
    <message>
        <source>NUMBER_DIFFERS</source>
        <translation>[区块 {block} 跟在区块 {before} 之后；][区块公布的编号为 {claimed}，实际为 {actual}；]区块缺失或顺序错误。</translation>
    </message>
    <message>
        <source>NUMBER_TOO_LARGE</source>
        <translation>[{value} ]对数据库列来说过大</translation>
    </message>
    <message>
        <source>OF_COLLECTION</source>
        <translation>{contract} 的集合 {collection}</translation>
    </message>
    <message>
        <source>OF_CONTRACT</source>
        <translation>链码 {contract}</translation>
    </message>
    <message>
        <source>OF_DEFINITIONS</source>
        <translation>链码定义</translation>
    </message>
    <message>
        <source>OF_HASHED_KEY</source>
        <translation>{contract} 的名称为哈希的键</translation>
    </message>
    <message>
        <source>OF_KEY</source>
        <translation>{contract} 的键 {key}</translation>
    </message>
    <message>
        <source>OLDER_SCHEMA</source>
        <translation>由较旧版本写入，且无法更改[：{path}]</translation>
    </message>
    <message>
        <source>ORDERER_POLICY_NOT_SATISFIED</source>
        <translation>排序者的签名不满足 {policy}[：需要 {needed}，现有 {have}]。</translation>
    </message>
    <message>
        <source>ORDERER_SIGNATURES</source>
        <translation>排序者的签名不满足 {policy}[：需要 {needed}，现有 {have}]。</translation>
    </message>
    <message>
        <source>ORDERER_SIGNATURE_REFUSED</source>
        <translation>排序者签名 {signature} 无效：{why}。其余签名已足够。</translation>
    </message>
    <message>
        <source>ORDERER_SLOT_USED</source>
        <translation>元数据槽 3 不为空；其中的内容没有任何担保。</translation>
    </message>
    <message>
        <source>OTHER_CHANNEL</source>
        <translation>[它属于通道 {channel}，此处不知道该通道的组织。][区块属于通道 {actual}，而不是 {expected}。]</translation>
    </message>
    <message>
        <source>OTHER_CONSENSUS</source>
        <translation>通道的共识类型不是 {type}</translation>
    </message>
    <message>
        <source>OTHER_IDENTITY</source>
        <translation>是另一个身份</translation>
    </message>
    <message>
        <source>OTHER_MSP</source>
        <translation>属于另一个 MSP</translation>
    </message>
    <message>
        <source>OTHER_ROLE</source>
        <translation>新证书的组织单元与旧证书不同，节点的角色会因此改变</translation>
    </message>
    <message>
        <source>OTHER_SCHEMA</source>
        <translation>由本程序的另一版本写入[：{path}]</translation>
    </message>
    <message>
        <source>OUT_OF_MEMORY</source>
        <translation>内存不足</translation>
    </message>
    <message>
        <source>OU_NOT_ALLOWED</source>
        <translation>其单位均不被该组织接受</translation>
    </message>
    <message>
        <source>PACKAGE_TOO_LARGE</source>
        <translation>链码包过大</translation>
    </message>
    <message>
        <source>PART_UNREADABLE</source>
        <translation>{layer|w}无法读取[：{why}]</translation>
    </message>
    <message>
        <source>PATH_TOO_LONG</source>
        <translation>证书链长于 CA 所允许的长度</translation>
    </message>
    <message>
        <source>PAYLOAD_WITHOUT_HEADER</source>
        <translation>节点在提交没有头部的载荷时会崩溃。</translation>
    </message>
    <message>
        <source>PEERS_VERDICT_ALONE</source>
        <translation>{recorded} 是节点的判定；仅凭证据包无法判断。</translation>
    </message>
    <message>
        <source>PEER_OF_OWNER</source>
        <translation>{organisation} 的一个节点（该集合归其所有）</translation>
    </message>
    <message>
        <source>POLICY_HAS_NO_TEXT</source>
        <translation>该策略无法写成文本</translation>
    </message>
    <message>
        <source>POLICY_MISSING</source>
        <translation>新通道必须有此策略[：{path}]</translation>
    </message>
    <message>
        <source>POLICY_NOT_CONVERTIBLE</source>
        <translation>策略 {policy} 无法转换</translation>
    </message>
    <message>
        <source>POLICY_NOT_SATISFIED</source>
        <translation>策略[ {path} ]未满足[：需要 {needed}，现有 {have}]。</translation>
    </message>
    <message>
        <source>POLICY_OF_PATH</source>
        <translation>{path}（{why}）</translation>
    </message>
    <message>
        <source>POLICY_TOO_LARGE</source>
        <translation>策略 {policy} 写成单个签名策略过大</translation>
    </message>
    <message>
        <source>POLICY_UNREADABLE</source>
        <translation>无法读取的策略</translation>
    </message>
    <message>
        <source>PREVIOUS_HASH_DIFFERS</source>
        <translation>该区块与前一个区块不衔接：它给出的前一区块哈希为 {named}，实际为 {right}。节点会停在此处。</translation>
    </message>
    <message>
        <source>PRINCIPAL_TOO_LARGE</source>
        <translation>组合主体嵌套过深或过大</translation>
    </message>
    <message>
        <source>PRIVATE_DATA_MISMATCH</source>
        <translation>私有数据与其哈希不符</translation>
    </message>
    <message>
        <source>PROPOSAL_HASH_DIFFERS</source>
        <translation>被背书的不是该交易的提案：提案哈希不同。</translation>
    </message>
    <message>
        <source>PROPOSAL_HASH_MISMATCH</source>
        <translation>背书者回答的是另一个提案</translation>
    </message>
    <message>
        <source>PROPOSAL_REFUSED</source>
        <translation>提案被拒绝，状态 {status}[：{message}]</translation>
    </message>
    <message>
        <source>QUERY_SYNTAX</source>
        <translation>查询有误，应为{expected|w}</translation>
    </message>
    <message>
        <source>QUORUM_AT_RISK</source>
        <translation>没有该节点时通道 {channel} 将停止：其他共识节点有 {present} 个在线，需要 {needed} 个</translation>
    </message>
    <message>
        <source>QUORUM_LOST</source>
        <translation>通道会停止：可达的共识节点过少</translation>
    </message>
    <message>
        <source>RANGE_CHANGED</source>
        <translation>它查询了 {contract} 中从“{start|t}”到“{end|t}”的键；查询结果现已不同[：键“{key}”][由交易 {writer} 更改]。</translation>
    </message>
    <message>
        <source>RANGE_READ_WITHOUT_VERSION</source>
        <translation>节点会停在对 {contract} 中从“{start|t}”到“{end|t}”的键的查询处：其中一次读取没有版本。</translation>
    </message>
    <message>
        <source>RANGE_SUMMARY_DEGREE</source>
        <translation>节点会停在对 {contract} 中从“{start|t}”到“{end|t}”的键的查询处：其摘要的度小于 2。</translation>
    </message>
    <message>
        <source>RANGE_SUMMARY_OVERFLOW</source>
        <translation>节点会停在对 {contract} 中从“{start|t}”到“{end|t}”的键的查询处：该范围已增长，其摘要树比记录的多一层。</translation>
    </message>
    <message>
        <source>RESULTS_DIFFER</source>
        <translation>{first} 与 {second} 的背书者得出不同的结果</translation>
    </message>
    <message>
        <source>RESULT_DIFFERS</source>
        <translation>该配置不是由其更新得出的</translation>
    </message>
    <message>
        <source>REVOKED</source>
        <translation>证书已被吊销</translation>
    </message>
    <message>
        <source>SATISFIED_AGAINST_RECORD</source>
        <translation>区块记录为 ENDORSEMENT_POLICY_FAILURE，但证据包所知的所有策略均已满足。</translation>
    </message>
    <message>
        <source>SATISFIED_BY</source>
        <translation>由 {names} 满足</translation>
    </message>
    <message>
        <source>SATISFIED_WITHOUT</source>
        <translation>无需签名即满足</translation>
    </message>
    <message>
        <source>SECTION_ADDED</source>
        <translation>不得增加这一部分[：{path}]</translation>
    </message>
    <message>
        <source>SECTION_REMOVED</source>
        <translation>不得移除这一部分[：{path}]</translation>
    </message>
    <message>
        <source>SEVERAL_CHAINS</source>
        <translation>证书有多条链</translation>
    </message>
    <message>
        <source>SEVERAL_ROLE_OUS</source>
        <translation>其单位表明了多个角色</translation>
    </message>
    <message>
        <source>SIGNATURES_MISSING</source>
        <translation>需要 {needed}，现有 {have}；缺少 {rules}</translation>
    </message>
    <message>
        <source>SIGNATURE_NOT_DER</source>
        <translation>签名不是由两个最短整数组成的 DER 序列</translation>
    </message>
    <message>
        <source>SIGNED_ALREADY</source>
        <translation>其签名者已经签过名</translation>
    </message>
    <message>
        <source>STALE_VERSION</source>
        <translation>更新所依据的版本已过时[：{path}]</translation>
    </message>
    <message>
        <source>STATE_FAILED</source>
        <translation>放弃状态：{why}。取决于它的验证码从此处起不再重新计算。</translation>
    </message>
    <message>
        <source>STATE_TOO_LARGE</source>
        <translation>放弃状态：{why}。取决于它的验证码从此处起不再重新计算。</translation>
    </message>
    <message>
        <source>STATE_UNKNOWN</source>
        <translation>此区块之前的状态或配置未知：取决于它的验证码不重新计算。</translation>
    </message>
    <message>
        <source>STOPPED</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>STORE_IO_ERROR</source>
        <translation>数据库读写出错[：{path}]</translation>
    </message>
    <message>
        <source>STRANGE_FILE</source>
        <translation>{file} 不应出现在证据包中。</translation>
    </message>
    <message>
        <source>SUMS_UNREADABLE</source>
        <translation>{file} 的形式不正确。</translation>
    </message>
    <message>
        <source>SUM_DIFFERS</source>
        <translation>{file} 给出的 SHA-256 与文件不符。</translation>
    </message>
    <message>
        <source>TAKEN_OVER</source>
        <translation>区块中记录为 {recorded}；得出该判定的规则在此处未知。</translation>
    </message>
    <message>
        <source>TOKEN_FAILED</source>
        <translation>令牌[“{token}”]未能完成操作</translation>
    </message>
    <message>
        <source>TOKEN_GONE</source>
        <translation>令牌“{token}”不再应答</translation>
    </message>
    <message>
        <source>TOKEN_KEY_EXISTS</source>
        <translation>令牌“{token}”中已有标签为“{key}”的密钥</translation>
    </message>
    <message>
        <source>TOKEN_LAST_TRY</source>
        <translation>令牌“{token}”只剩一次 PIN 尝试机会，再错就会锁定；未进行尝试</translation>
    </message>
    <message>
        <source>TOKEN_LOCKED</source>
        <translation>尚未给出令牌“{token}”的 PIN</translation>
    </message>
    <message>
        <source>TOKEN_MODULE_CHANGED</source>
        <translation>PKCS#11 模块 {file} 不是当初批准的那个文件</translation>
    </message>
    <message>
        <source>TOKEN_MODULE_UNSAFE</source>
        <translation>未加载 PKCS#11 模块 {file}：除其所有者外还有人可以改动它</translation>
    </message>
    <message>
        <source>TOKEN_NO_MECHANISM</source>
        <translation>令牌[“{token}”]没有相应的机制[（{algorithm}）]</translation>
    </message>
    <message>
        <source>TOKEN_PIN_LOCKED</source>
        <translation>令牌“{token}”的 PIN 因多次输错已被锁定</translation>
    </message>
    <message>
        <source>TOKEN_WRONG_PIN</source>
        <translation>令牌“{token}”的 PIN 不正确</translation>
    </message>
    <message>
        <source>TOO_DEEP</source>
        <translation>嵌套过深[：{path}]</translation>
    </message>
    <message>
        <source>TOO_LARGE</source>
        <translation>[{path}：]有 {size} 字节，超过允许的 {limit} 字节</translation>
    </message>
    <message>
        <source>TOO_LATE_SAY_PEERS</source>
        <translation>签名正确，所有策略均已满足。它来得过迟（{recorded}）是节点的判定。</translation>
    </message>
    <message>
        <source>TOO_MANY_CONSENTERS_CHANGED</source>
        <translation>每次只能增加或移除一个共识节点</translation>
    </message>
    <message>
        <source>TOO_MANY_CONSTRAINTS</source>
        <translation>证书的名称约束过多</translation>
    </message>
    <message>
        <source>TOO_MANY_ELEMENTS</source>
        <translation>元素过多[：{path}]</translation>
    </message>
    <message>
        <source>TOO_MANY_ENTRIES</source>
        <translation>归档中的条目过多</translation>
    </message>
    <message>
        <source>TOO_MANY_FILES</source>
        <translation>文件过多[：{folder}]</translation>
    </message>
    <message>
        <source>TOO_MANY_QUESTIONS</source>
        <translation>在向 MSP 询问 {count} 次后放弃</translation>
    </message>
    <message>
        <source>TOO_MANY_SETS</source>
        <translation>满足该策略的方式过多，无法列出</translation>
    </message>
    <message>
        <source>TOO_MANY_SIGNATURES</source>
        <translation>更新的签名过多</translation>
    </message>
    <message>
        <source>TOO_MANY_TRANSACTIONS</source>
        <translation>一个证据包的交易过多</translation>
    </message>
    <message>
        <source>TOO_MUCH_MEMORY</source>
        <translation>它占用的内存超过允许值</translation>
    </message>
    <message>
        <source>TORN_TAIL</source>
        <translation>文件在一个区块之内中断[：{file}][，在第 {offset} 字节处]</translation>
    </message>
    <message>
        <source>TRUNCATED</source>
        <translation>内容不完整</translation>
    </message>
    <message>
        <source>UNEXPECTED_GROUP</source>
        <translation>此处不应有这样的组[：{path}]</translation>
    </message>
    <message>
        <source>UNEXPECTED_VALUE</source>
        <translation>此处不应有这样的值[：{path}]</translation>
    </message>
    <message>
        <source>UNKNOWN_CA</source>
        <translation>该 MSP 没有签发它的 CA</translation>
    </message>
    <message>
        <source>UNKNOWN_COLLECTION</source>
        <translation>[{stops|w}]链码 {contract} 没有集合 {collection}。</translation>
    </message>
    <message>
        <source>UNKNOWN_CONTENT</source>
        <translation>无法得知这些字节是什么消息</translation>
    </message>
    <message>
        <source>UNKNOWN_CRITICAL_EXTENSION</source>
        <translation>证书含有未知的关键扩展</translation>
    </message>
    <message>
        <source>UNKNOWN_FIELD</source>
        <translation>消息中有未知的字段</translation>
    </message>
    <message>
        <source>UNKNOWN_HASH</source>
        <translation>哈希算法未知</translation>
    </message>
    <message>
        <source>UNKNOWN_MESSAGE</source>
        <translation>没有名为 {name} 的消息</translation>
    </message>
    <message>
        <source>UNKNOWN_MSP</source>
        <translation>此处没有 MSP[“{msp}”]</translation>
    </message>
    <message>
        <source>UNKNOWN_MSP_TYPE</source>
        <translation>MSP 的类型未知</translation>
    </message>
    <message>
        <source>UNKNOWN_OU_CERTIFIER</source>
        <translation>为单位担保的 CA 未知</translation>
    </message>
    <message>
        <source>UNKNOWN_PLUGIN</source>
        <translation>[{stops|w}]{contract} 要求的验证插件 {plugin} 在此未知。</translation>
    </message>
    <message>
        <source>UNKNOWN_POLICY</source>
        <translation>通道没有策略[ {policy}][ {path}]</translation>
    </message>
    <message>
        <source>UNKNOWN_PRINCIPAL</source>
        <translation>此 MSP 版本不知道该主体类型</translation>
    </message>
    <message>
        <source>UNKNOWN_ROLE</source>
        <translation>该 MSP 不知道该角色</translation>
    </message>
    <message>
        <source>UNKNOWN_SUITE</source>
        <translation>没有这种密码套件</translation>
    </message>
    <message>
        <source>UNPACKS_TOO_LARGE</source>
        <translation>解压后过大</translation>
    </message>
    <message>
        <source>UNREADABLE</source>
        <translation>[{layer|w}]无法解码[：{why}]</translation>
    </message>
    <message>
        <source>UNSAFE_PATH</source>
        <translation>归档中的条目指向文件夹之外</translation>
    </message>
    <message>
        <source>UNSATISFIED_SHOWN</source>
        <translation>证据包表明背书不满足策略。</translation>
    </message>
    <message>
        <source>UNSUPPORTED_ALGORITHM</source>
        <translation>签名算法未知</translation>
    </message>
    <message>
        <source>UNSUPPORTED_CAPABILITY</source>
        <translation>需要能力 {name}，而此处不认识它</translation>
    </message>
    <message>
        <source>UNSUPPORTED_COLLECTION</source>
        <translation>集合的种类未知</translation>
    </message>
    <message>
        <source>UNSUPPORTED_ENCRYPTION</source>
        <translation>密钥文件的加密方式在此无法读取</translation>
    </message>
    <message>
        <source>UNSUPPORTED_KEY</source>
        <translation>不支持此类密钥</translation>
    </message>
    <message>
        <source>VALUE_TOO_LARGE</source>
        <translation>值对数据库来说过大</translation>
    </message>
    <message>
        <source>VERDICT_CONTRADICTED</source>
        <translation>区块记录为 {recorded}，而该交易应为 {right}。[{why}]</translation>
    </message>
    <message>
        <source>VERDICT_DIFFERS</source>
        <translation>{why}</translation>
    </message>
    <message>
        <source>VERDICT_SHOWN</source>
        <translation>证据包表明 {right} 是正确的。[{why}]</translation>
    </message>
    <message>
        <source>VERSION_TO_INITIALISE</source>
        <translation>{version}，必须初始化</translation>
    </message>
    <message>
        <source>WAITS_FOR_UNCHECKED</source>
        <translation>节点会在此处永远等待：交易 {transaction} 设置了 {contract} 的[键“{key}”][集合 {collection} 中哈希为 {hash} 的私有键]的策略，却在其策略被检查之前已被拒绝。</translation>
    </message>
    <message>
        <source>WRONG_CERTIFIER</source>
        <translation>其单位由另一个 CA 担保</translation>
    </message>
    <message>
        <source>WRONG_CHANNEL</source>
        <translation>它属于另一个通道[：{channel}]</translation>
    </message>
    <message>
        <source>WRONG_COLUMN_TYPE</source>
        <translation>数据库列的类型不正确</translation>
    </message>
    <message>
        <source>WRONG_EPOCH</source>
        <translation>纪元为 {epoch}，应为 0。</translation>
    </message>
    <message>
        <source>WRONG_KEY_USAGE</source>
        <translation>证书的密钥用途不符</translation>
    </message>
    <message>
        <source>WRONG_KIND</source>
        <translation>状态数据的种类不符</translation>
    </message>
    <message>
        <source>WRONG_MSP</source>
        <translation>身份自称属于 MSP“{given}”，此处为“{msp}”</translation>
    </message>
    <message>
        <source>WRONG_PASSPHRASE</source>
        <translation>口令不正确</translation>
    </message>
    <message>
        <source>WRONG_ROLE</source>
        <translation>角色不符</translation>
    </message>
    <message>
        <source>WRONG_SIGNER</source>
        <translation>签名者不是提案的提交者</translation>
    </message>
    <message>
        <source>WRONG_SLOT_COUNT</source>
        <translation>区块有 {count} 个元数据槽，应为 {right} 个。</translation>
    </message>
    <message>
        <source>WRONG_TX_ID</source>
        <translation>交易 ID 为 {actual}；由随机数和提交者得出的是 {right}。</translation>
    </message>
    <message>
        <source>WRONG_TYPE</source>
        <translation>区块中不应有类型为 {type} 的交易。</translation>
    </message>
    <message>
        <source>WRONG_UNIT</source>
        <translation>单位不符</translation>
    </message>
    <message>
        <source>ZERO_TAIL</source>
        <translation>文件末尾只有零字节[：{file}][，自第 {offset} 字节起]</translation>
    </message>
    <message>
        <source>LEDGERS_SAME_DAMAGED</source>
        <translation>直到区块 {block}，哈希均相同，但其中一个账本的区块 {damaged} 内容与其哈希不符。</translation>
    </message>
    <message>
        <source>NOT_A_DRAFT</source>
        <translation>此文件不是草案：{path}</translation>
    </message>
    <message>
        <source>DRAFT_DAMAGED</source>
        <translation>草案已被改动：{path}</translation>
    </message>
    <message>
        <source>UNSUPPORTED_DRAFT</source>
        <translation>此草案由更高版本的 Chancery 生成</translation>
    </message>
    <message>
        <source>DRAFT_EXPIRED</source>
        <translation>草案已于 {expires} 到期</translation>
    </message>
    <message>
        <source>NO_REASON</source>
        <translation>拒绝须给出理由，最多 4096 字节</translation>
    </message>
    <message>
        <source>ALREADY_REJECTED</source>
        <translation>{name}（{msp}）已拒绝过此草案</translation>
    </message>
    <message>
        <source>OTHER_DRAFT</source>
        <translation>{file} 涉及的是另一份内容</translation>
    </message>
    <message>
        <source>NOT_A_MEMBER</source>
        <translation>通道 {channel} 不认识 {msp} 的这个身份</translation>
    </message>
    <message>
        <source>BAD_EDIT</source>
        <translation>无法理解此修改：{edit}</translation>
    </message>
    <message>
        <source>NO_SUCH_SECTION</source>
        <translation>通道没有 {section} 部分</translation>
    </message>
    <message>
        <source>NO_SUCH_ADDRESS</source>
        <translation>{organisation} 没有 {address}</translation>
    </message>
    <message>
        <source>MEMBER_EXISTS</source>
        <translation>{organisation} 已是成员</translation>
    </message>
    <message>
        <source>NOT_DISCOVERED</source>
        <translation>{peer} 没有告知 {channel} 的任何信息：{problem}</translation>
    </message>
    <message>
        <source>NO_NODE</source>
        <translation>没有可以询问的排序节点或对等节点</translation>
    </message>
    <message>
        <source>UNEXPECTED_ANSWER</source>
        <translation>节点给出了意外的回答</translation>
    </message>
    <message>
        <source>DRAFT_DANGEROUS</source>
        <translation>此草案会危及通道（{danger}）；确要如此，请使用 {override}</translation>
    </message>
    <message>
        <source>DRAFT_REJECTED</source>
        <translation>{name} 已拒绝：{why}</translation>
    </message>
    <message>
        <source>DRAFT_NOT_SIGNED</source>
        <translation>签名不足：{policy} 需要 {needed} 个，现有 {have} 个，缺少 {missing}</translation>
    </message>
    <message>
        <source>CHANGE_IN_FORCE</source>
        <translation>当前配置已经如草案所愿</translation>
    </message>
    <message>
        <source>STREAM_ENDED</source>
        <translation>排序节点不再给出区块</translation>
    </message>
    <message>
        <source>PREFLIGHT_FAILED</source>
        <translation>主机 {host} 的预检未通过：{finding}</translation>
    </message>
    <message>
        <source>NO_SUCH_CHANNEL</source>
        <translation>没有通道 {channel}</translation>
    </message>
    <message>
        <source>PORT_NEEDED</source>
        <translation>此引擎需要固定端口：{node}（{endpoint}）</translation>
    </message>
    <message>
        <source>OLD_NETWORK</source>
        <translation>此网络由旧版本生成，请重新创建</translation>
    </message>
    <message>
        <source>KEY_FILE_EXPOSED</source>
        <translation>{path} 可被他人读取</translation>
    </message>
    <message>
        <source>NO_SUCH_HOST</source>
        <translation>没有主机 {host}</translation>
    </message>
    <message>
        <source>BAD_HOSTS</source>
        <translation>主机清单无法读取</translation>
    </message>
    <message>
        <source>AGENT_NOT_RUNNING</source>
        <translation>主机代理没有运行</translation>
    </message>
    <message>
        <source>BAD_TOPOLOGY</source>
        <translation>拓扑有误：{path}</translation>
    </message>
    <message>
        <source>NO_TOPOLOGY</source>
        <translation>没有拓扑 {topology}</translation>
    </message>
    <message>
        <source>NO_SUCH_CONTRACT_FOLDER</source>
        <translation>没有合约 {contract} 的文件夹</translation>
    </message>
    <message>
        <source>NODE_NEEDED</source>
        <translation>此节点不能移除：{node}</translation>
    </message>
    <message>
        <source>BLOCK_REFUSED</source>
        <translation>区块未通过验证，未被接受：{why}</translation>
    </message>
    <message>
        <source>NO_SOURCES</source>
        <translation>没有可以提供区块的节点。</translation>
    </message>
    <message>
        <source>PEERS_SAME</source>
        <translation>截至区块 {block}，已应答的全部 {peers} 个节点的区块和状态一致。</translation>
    </message>
    <message>
        <source>PEERS_DIFFER</source>
        <translation>截至区块 {block}，{peers} 个已应答的节点中有 {differ} 个与其他节点不一致。</translation>
    </message>
    <message>
        <source>SOURCE_BEHIND</source>
        <translation>该节点的区块落后于已有的区块（高度 {height}）。</translation>
    </message>
    <message>
        <source>CONNECTION_CLOSED</source>
        <translation>节点结束了数据流。</translation>
    </message>
    <message>
        <source>WRONG_BLOCK</source>
        <translation>节点给出的不是所请求的区块 {block}。</translation>
    </message>
    <message>
        <source>NO_MSP_ID</source>
        <translation>连接配置没有说明它属于哪个组织，请指定 MSP ID。</translation>
    </message>
    <message>
        <source>NODE_NOT_RUNNING</source>
        <translation>其进程尚未提供服务</translation>
    </message>
    <message>
        <source>NODE_STOPPED</source>
        <translation>其进程没有在此主机上运行</translation>
    </message>
    <message>
        <source>NOT_ASKED_YET</source>
        <translation>尚未应答</translation>
    </message>
    <message>
        <source>NO_PEER_ANSWERS</source>
        <translation>通道没有节点应答</translation>
    </message>
    <message>
        <source>NO_SAMPLES</source>
        <translation>此拓扑没有可重复的交易</translation>
    </message>
    <message>
        <source>NO_WAY_TO_HOST</source>
        <translation>没有人告知如何连接此主机的代理</translation>
    </message>
    <message>
        <source>NO_WAY_TO_NODE</source>
        <translation>没有人告知如何连接此节点</translation>
    </message>
    <message>
        <source>BACKUP_BROKEN</source>
        <translation>口令不对，或者文件在第 {offset} 字节处或之后被改动</translation>
    </message>
    <message>
        <source>BACKUP_INCOMPLETE</source>
        <translation>备份不完整</translation>
    </message>
    <message>
        <source>BAD_PATH</source>
        <translation>节点给出的文件名不能放入备份</translation>
    </message>
    <message>
        <source>NOT_A_BACKUP</source>
        <translation>这不是备份文件</translation>
    </message>
    <message>
        <source>NO_PASSPHRASE</source>
        <translation>实验文件需要口令，或者明确说明不加密</translation>
    </message>
    <message>
        <source>PORT_TAKEN</source>
        <translation>{node} 无法在原来的端口监听，而 Fabric 自身的节点不能更换端口</translation>
    </message>
    <message>
        <source>LAB_DIFFERS</source>
        <translation>{node} 的区块少于实验文件中的区块</translation>
    </message>
    <message>
        <source>BAD_LAB</source>
        <translation>实验文件没有描述一个网络</translation>
    </message>
    <message>
        <source>LAB_TOO_LARGE</source>
        <translation>实验文件过大</translation>
    </message>
    <message>
        <source>NOT_A_LAB</source>
        <translation>该文件是备份而不是实验文件：应当恢复而不是导入</translation>
    </message>
    <message>
        <source>OTHER_THAN_EXPECTED</source>
        <translation>结果与预期不同</translation>
    </message>
    <message>
        <source>NO_PEER_RUNS</source>
        <translation>没有可用的节点在运行</translation>
    </message>
    <message>
        <source>NODE_ELSEWHERE</source>
        <translation>只能终止本机上的节点：{node}</translation>
    </message>
    <message>
        <source>WAITED_IN_VAIN</source>
        <translation>等待超时</translation>
    </message>
    <message>
        <source>BAD_PLACEHOLDER</source>
        <translation>占位符无效</translation>
    </message>
    <message>
        <source>SCENARIO_DOES_NOT_FIT</source>
        <translation>步骤 {step} 不适合此网络</translation>
    </message>
    <message>
        <source>NO_SCENARIO</source>
        <translation>没有名为 {name} 的剧本</translation>
    </message>
    <message>
        <source>BAD_SCENARIO</source>
        <translation>剧本文件有误</translation>
    </message>
</context>
<context>
    <name>TopologyPaint</name>
    <message>
        <source>Certificate authorities</source>
        <translation>证书颁发机构</translation>
    </message>
    <message>
        <source>Ordering service</source>
        <translation>排序服务</translation>
    </message>
    <message>
        <source>Hosts</source>
        <translation>主机</translation>
    </message>
    <message>
        <source>not joined</source>
        <translation>未加入</translation>
    </message>
</context>
<context>
    <name>TopologyWords</name>
    <message>
        <source>Height</source>
        <translation>区块高度</translation>
    </message>
    <message>
        <source>Behind</source>
        <translation>落后</translation>
    </message>
    <message>
        <source>At %1</source>
        <translation>截至 %1</translation>
    </message>
    <message>
        <source>Version %1</source>
        <translation>版本 %1</translation>
    </message>
    <message>
        <source>Leader</source>
        <translation>领导者</translation>
    </message>
    <message>
        <source>Follower</source>
        <translation>跟随者</translation>
    </message>
    <message>
        <source>CPU %1 %</source>
        <translation>CPU %1 %</translation>
    </message>
    <message>
        <source>Host not known</source>
        <translation>主机未知</translation>
    </message>
    <message>
        <source>read and monitor only</source>
        <translation>只能读取和监控</translation>
    </message>
    <message numerus="yes">
        <source>%n process(es)</source>
        <translation>
            <numerusform>%n 个进程</numerusform>
        </translation>
    </message>
    <message>
        <source>Orders blocks</source>
        <translation>负责排序</translation>
    </message>
    <message>
        <source>Member</source>
        <translation>成员</translation>
    </message>
    <message>
        <source>Member · orders blocks</source>
        <translation>成员 · 负责排序</translation>
    </message>
    <message>
        <source>%1 processors</source>
        <translation>%1 个处理器</translation>
    </message>
    <message>
        <source>%1 memory and %2 disk free</source>
        <translation>可用内存 %1，磁盘 %2</translation>
    </message>
    <message>
        <source>Height %1</source>
        <translation>区块高度 %1</translation>
    </message>
    <message>
        <source>%1 of %2 running</source>
        <translation>%2 个中 %1 个运行中</translation>
    </message>
    <message>
        <source>Consenter</source>
        <translation>共识节点</translation>
    </message>
</context>
<context>
    <name>TransactionView</name>
    <message>
        <source>nobody has to sign</source>
        <translation>无需任何人签名</translation>
    </message>
    <message>
        <source>both</source>
        <translation>双方</translation>
    </message>
    <message numerus="yes">
        <source>all %n</source>
        <translation>
            <numerusform>全部 %n 方</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>any one of %n</source>
        <translation>
            <numerusform>%n 方中任意一方</numerusform>
        </translation>
    </message>
    <message>
        <source>any %1 of %2</source>
        <translation>%2 方中任意 %1 方</translation>
    </message>
    <message>
        <source>nobody signed as such</source>
        <translation>没有以此身份的签名</translation>
    </message>
    <message>
        <source>%1 needed, %2 there</source>
        <translation>需要 %1，已有 %2</translation>
    </message>
    <message>
        <source>the key with hash %1 of %2</source>
        <translation>%2 的哈希为 %1 的键</translation>
    </message>
    <message>
        <source>transaction %1</source>
        <translation>交易 %1</translation>
    </message>
    <message>
        <source>another transaction</source>
        <translation>另一笔交易</translation>
    </message>
    <message>
        <source>It had read “%1” when it did not exist; meanwhile %2 created it.</source>
        <translation>它读取“%1”时该键不存在；其间%2 创建了它。</translation>
    </message>
    <message>
        <source>It had read “%1” as block %2 had left it; meanwhile %3 deleted it.</source>
        <translation>它读取的“%1”是区块 %2 留下的值；其间%3 删除了它。</translation>
    </message>
    <message>
        <source>It had read “%1” as block %2 had left it; meanwhile %3 changed it.</source>
        <translation>它读取的“%1”是区块 %2 留下的值；其间%3 修改了它。</translation>
    </message>
    <message>
        <source>It had queried the keys from “%1” to “%2”</source>
        <translation>它查询了从“%1”到“%2”的键</translation>
    </message>
    <message>
        <source>%1; the result would be another one now.</source>
        <translation>%1；现在的结果会有所不同。</translation>
    </message>
    <message>
        <source>%1; meanwhile %2 deleted “%3”.</source>
        <translation>%1；其间%2 删除了“%3”。</translation>
    </message>
    <message>
        <source>%1; meanwhile %2 created “%3”.</source>
        <translation>%1；其间%2 创建了“%3”。</translation>
    </message>
    <message>
        <source>%1; meanwhile %2 changed “%3”.</source>
        <translation>%1；其间%2 修改了“%3”。</translation>
    </message>
    <message>
        <source>Transaction %1 has the same id.</source>
        <translation>交易 %1 具有相同的 ID。</translation>
    </message>
    <message>
        <source>History of %1</source>
        <translation>%1 的历史</translation>
    </message>
    <message>
        <source>Open transaction %1</source>
        <translation>打开交易 %1</translation>
    </message>
    <message numerus="yes">
        <source>… %n more</source>
        <translation>
            <numerusform>… 另有 %n 条</numerusform>
        </translation>
    </message>
    <message>
        <source>%1, code %2</source>
        <translation>%1，代码 %2</translation>
    </message>
    <message>
        <source>%1, judged here</source>
        <translation>%1，本机判定</translation>
    </message>
    <message>
        <source>Not judged</source>
        <translation>未判定</translation>
    </message>
    <message>
        <source>No peer has judged it: the block comes from an orderer.</source>
        <translation>没有节点判定过：区块来自排序节点。</translation>
    </message>
    <message>
        <source>Judged again here, the result is another one: %1. %2</source>
        <translation>本机重新判定，结果不同：%1。%2</translation>
    </message>
    <message>
        <source>Private data is not held here: the ledger has its hashes only (%1).</source>
        <translation>此处不保存私有数据：账本中只有其哈希 (%1)。</translation>
    </message>
    <message>
        <source>consenter %1</source>
        <translation>共识节点 %1</translation>
    </message>
    <message numerus="yes">
        <source>Signed by %n orderer(s)</source>
        <translation>
            <numerusform>由 %n 个排序节点签名</numerusform>
        </translation>
    </message>
    <message>
        <source>Signed by %1</source>
        <translation>由 %1 签名</translation>
    </message>
    <message>
        <source>Signed by nobody</source>
        <translation>无签名</translation>
    </message>
    <message>
        <source>Configuration</source>
        <translation>配置</translation>
    </message>
    <message>
        <source>in block %1 at index %2, sent %3 UTC</source>
        <translation>位于区块 %1，索引 %2，提交时间 %3 UTC</translation>
    </message>
    <message>
        <source>in block %1 at index %2</source>
        <translation>位于区块 %1，索引 %2</translation>
    </message>
    <message>
        <source>%1, satisfied</source>
        <translation>%1，已满足</translation>
    </message>
    <message>
        <source>%1, not satisfied</source>
        <translation>%1，未满足</translation>
    </message>
    <message>
        <source>Block %1</source>
        <translation>区块 %1</translation>
    </message>
    <message numerus="yes">
        <source>%n transaction(s)</source>
        <translation>
            <numerusform>%n 笔交易</numerusform>
        </translation>
    </message>
    <message>
        <source>not judged</source>
        <translation>未判定</translation>
    </message>
    <message numerus="yes">
        <source>%n invalid</source>
        <translation>
            <numerusform>%n 笔无效</numerusform>
        </translation>
    </message>
    <message>
        <source>configuration</source>
        <translation>配置</translation>
    </message>
    <message>
        <source>Data hash recomputed</source>
        <translation>数据哈希已重算</translation>
    </message>
    <message>
        <source>Data hash does not match</source>
        <translation>数据哈希不一致</translation>
    </message>
    <message>
        <source>Raft index %1</source>
        <translation>Raft 索引 %1</translation>
    </message>
    <message>
        <source>BFT view %1, sequence %2</source>
        <translation>BFT 视图 %1，序号 %2</translation>
    </message>
    <message>
        <source>%1, byte %2</source>
        <translation>%1，字节 %2</translation>
    </message>
    <message>
        <source>; </source>
        <translation>；</translation>
    </message>
    <message numerus="yes">
        <source>%n invalid (judged here)</source>
        <translation>
            <numerusform>%n 笔无效（本机判定）</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>chancery::ui::ActivityBar</name>
    <message>
        <source>Activity</source>
        <translation>活动</translation>
    </message>
    <message>
        <source>Show operations, events and problems</source>
        <translation>显示操作、事件与问题</translation>
    </message>
    <message>
        <source>Height %1</source>
        <translation>区块高度 %1</translation>
    </message>
    <message>
        <source>No operations yet</source>
        <translation>尚无操作</translation>
    </message>
    <message>
        <source>%1 %  %2</source>
        <translation>%1%  %2</translation>
    </message>
</context>
<context>
    <name>chancery::ui::ActivityPanel</name>
    <message>
        <source>Hide activity</source>
        <translation>隐藏活动</translation>
    </message>
    <message>
        <source>Activity</source>
        <translation>活动</translation>
    </message>
    <message>
        <source>Operations</source>
        <translation>操作</translation>
    </message>
    <message numerus="yes">
        <source>Operations  %n running</source>
        <translation>
            <numerusform>操作  %n 项进行中</numerusform>
        </translation>
    </message>
    <message>
        <source>Events</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Problems  %1</source>
        <translation>问题  %1</translation>
    </message>
</context>
<context>
    <name>chancery::ui::BlockModel</name>
    <message>
        <source>Matches the chain</source>
        <translation>与链一致</translation>
    </message>
    <message>
        <source>Does not match</source>
        <translation>不一致</translation>
    </message>
    <message>
        <source>Not checked</source>
        <translation>未检查</translation>
    </message>
    <message>
        <source>No peer has judged them</source>
        <translation>没有节点验证过</translation>
    </message>
    <message>
        <source>%1 valid, %2 invalid</source>
        <translation>%1 笔有效，%2 笔无效</translation>
    </message>
    <message>
        <source>Configuration block</source>
        <translation>配置区块</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>区块</translation>
    </message>
    <message>
        <source>Time, UTC</source>
        <translation>时间 (UTC)</translation>
    </message>
    <message>
        <source>Transactions</source>
        <translation>交易</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Block hash</source>
        <translation>区块哈希</translation>
    </message>
    <message>
        <source>Chain</source>
        <translation>校验</translation>
    </message>
    <message>
        <source>No peer has judged them; %1 are invalid by what is computed here</source>
        <translation>没有节点判定过；按本机计算，有 %1 笔无效</translation>
    </message>
</context>
<context>
    <name>chancery::ui::ChainStrip</name>
    <message>
        <source>Position in the chain</source>
        <translation>链上位置</translation>
    </message>
    <message>
        <source>Block %1, hash %2</source>
        <translation>区块 %1，哈希 %2</translation>
    </message>
    <message>
        <source>follows the block before it</source>
        <translation>与前一区块相连</translation>
    </message>
    <message>
        <source>does not follow the block before it</source>
        <translation>与前一区块不相连</translation>
    </message>
</context>
<context>
    <name>chancery::ui::CloseDialog</name>
    <message numerus="yes">
        <source>Stop %n operations and close?</source>
        <translation>
            <numerusform>停止 %n 项操作并关闭？</numerusform>
        </translation>
    </message>
    <message>
        <source>What was verified so far is kept; it goes on from there the next time the ledger is opened. Files that are being written are removed.</source>
        <translation>已验证的部分会保留，下次打开账本时从该处继续。正在写入的文件会被删除。</translation>
    </message>
    <message>
        <source>Keep open</source>
        <translation>保持打开</translation>
    </message>
    <message>
        <source>Stop and close</source>
        <translation>停止并关闭</translation>
    </message>
</context>
<context>
    <name>chancery::ui::CommandPalette</name>
    <message>
        <source>Command palette</source>
        <translation>命令面板</translation>
    </message>
    <message>
        <source>move</source>
        <translation>移动</translation>
    </message>
    <message>
        <source>Tab</source>
        <translation>Tab</translation>
    </message>
    <message>
        <source>actions</source>
        <translation>更多操作</translation>
    </message>
    <message>
        <source>Ctrl</source>
        <translation>Ctrl</translation>
    </message>
    <message>
        <source>Shift</source>
        <translation>Shift</translation>
    </message>
    <message>
        <source>copy CLI form</source>
        <translation>复制命令行形式</translation>
    </message>
    <message>
        <source>&gt; command   # block or tx   @ member</source>
        <translation>&gt; 命令   # 区块或交易   @ 成员</translation>
    </message>
    <message>
        <source>Type a command, a block number, a transaction ID or a key</source>
        <translation>输入命令、区块号、交易 ID 或键</translation>
    </message>
    <message>
        <source>Search or run a command</source>
        <translation>搜索或执行命令</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Nothing fits. Commands, blocks, transactions and keys are searched.</source>
        <translation>没有匹配项。搜索范围包括命令、区块、交易和键。</translation>
    </message>
    <message>
        <source>There are no other actions for this.</source>
        <translation>此项没有其他操作。</translation>
    </message>
    <message>
        <source>This has no command line form.</source>
        <translation>此项没有命令行形式。</translation>
    </message>
    <message>
        <source>Copied: %1</source>
        <translation>已复制：%1</translation>
    </message>
</context>
<context>
    <name>chancery::ui::CompareDialog</name>
    <message>
        <source>Compare with another source</source>
        <translation>与另一来源比较</translation>
    </message>
    <message>
        <source>The hash of a block covers everything before it: where two sources have the same, they have the same history.</source>
        <translation>区块哈希涵盖其之前的全部内容：两个来源在某处哈希相同，历史即相同。</translation>
    </message>
    <message>
        <source>Other source</source>
        <translation>另一来源</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Only up to block</source>
        <translation>仅到区块</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>They cannot be compared.</source>
        <translation>二者无法比较。</translation>
    </message>
    <message>
        <source>Equal up to block %1.</source>
        <translation>到区块 %1 为止相同。</translation>
    </message>
    <message>
        <source>Both sources have the same history.</source>
        <translation>两个来源的历史相同。</translation>
    </message>
    <message>
        <source>Block %1 is the first that differs.</source>
        <translation>区块 %1 是第一个不同的区块。</translation>
    </message>
    <message>
        <source>They differ.</source>
        <translation>二者不同。</translation>
    </message>
    <message>
        <source>Show the block</source>
        <translation>显示该区块</translation>
    </message>
</context>
<context>
    <name>chancery::ui::ConfirmByNameDialog</name>
    <message>
        <source>Type %1 to confirm</source>
        <translation>输入 %1 以确认</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>chancery::ui::ConnectDialog</name>
    <message>
        <source>Connect to a network</source>
        <translation>连接到网络</translation>
    </message>
    <message>
        <source>Blocks are followed by Fabric&apos;s own protocols, so any network will do; they are verified on this machine.</source>
        <translation>区块通过 Fabric 自身的协议跟踪，因此任何网络都可以；验证在本机进行。</translation>
    </message>
    <message>
        <source>Connection profile</source>
        <translation>连接配置</translation>
    </message>
    <message>
        <source>MSP folder of the identity, with its key</source>
        <translation>身份的 MSP 文件夹（含私钥）</translation>
    </message>
    <message>
        <source>MSP ID (optional)</source>
        <translation>MSP ID（可选）</translation>
    </message>
    <message>
        <source>that of the organisation the profile was made for</source>
        <translation>连接配置所属组织的 MSP ID</translation>
    </message>
    <message>
        <source>Channel (optional)</source>
        <translation>通道（可选）</translation>
    </message>
    <message>
        <source>the first one that the peer is in</source>
        <translation>节点加入的第一个通道</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Connect and follow</source>
        <translation>连接并跟踪</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Choose: %1</source>
        <translation>选择：%1</translation>
    </message>
    <message>
        <source>Connection profiles (*.json *.yaml *.yml)</source>
        <translation>连接配置 (*.json *.yaml *.yml)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
    <message>
        <source>Connecting…</source>
        <translation>正在连接…</translation>
    </message>
    <message>
        <source>Choose a connection profile.</source>
        <translation>请选择连接配置。</translation>
    </message>
    <message>
        <source>Choose the MSP folder of the identity.</source>
        <translation>请选择身份的 MSP 文件夹。</translation>
    </message>
</context>
<context>
    <name>chancery::ui::ContextBar</name>
    <message>
        <source>Search or run a command</source>
        <translation>搜索或执行命令</translation>
    </message>
    <message>
        <source>Ctrl K</source>
        <translation>Ctrl K</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>System</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Keys and help</source>
        <translation>按键与帮助</translation>
    </message>
    <message>
        <source>Keys and help  F1</source>
        <translation>按键与帮助  F1</translation>
    </message>
    <message>
        <source>Notifications</source>
        <translation>通知</translation>
    </message>
    <message numerus="yes">
        <source>Notifications, %n unread</source>
        <translation>
            <numerusform>通知，%n 条未读</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>chancery::ui::CopyLabel</name>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy %1</source>
        <translation>复制 %1</translation>
    </message>
</context>
<context>
    <name>chancery::ui::DemoPane</name>
    <message>
        <source>Create a demo network on this computer</source>
        <translation>在本机创建演示网络</translation>
    </message>
    <message>
        <source>Real peer, orderer and CA processes, started without Docker. Everything lives in one folder that you can delete in one step.</source>
        <translation>真实的节点、排序节点和 CA 进程，无需 Docker 即可启动。所有内容都在一个文件夹中，一步即可删除。</translation>
    </message>
    <message>
        <source>Networks that can be made</source>
        <translation>可创建的网络</translation>
    </message>
    <message>
        <source>What will be started</source>
        <translation>将要启动的内容</translation>
    </message>
    <message>
        <source>Send sample transactions from the beginning</source>
        <translation>从一开始就发送示例交易</translation>
    </message>
    <message>
        <source>Cancel and remove everything</source>
        <translation>取消并全部删除</translation>
    </message>
    <message>
        <source>Create and start network</source>
        <translation>创建并启动网络</translation>
    </message>
    <message numerus="yes">
        <source>%n organisation(s)</source>
        <translation>
            <numerusform>%n 个组织</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n peer(s)</source>
        <translation>
            <numerusform>%n 个节点</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n orderer(s)</source>
        <translation>
            <numerusform>%n 个排序节点</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n channel(s)</source>
        <translation>
            <numerusform>%n 个通道</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 memory</source>
        <translation>内存 %1</translation>
    </message>
    <message>
        <source>%1 disk</source>
        <translation>磁盘 %1</translation>
    </message>
    <message>
        <source>Programs found</source>
        <translation>程序齐全</translation>
    </message>
    <message>
        <source>%1 is missing</source>
        <translation>缺少 %1</translation>
    </message>
    <message>
        <source>Starting %1</source>
        <translation>正在启动 %1</translation>
    </message>
    <message>
        <source>Creating %1</source>
        <translation>正在创建 %1</translation>
    </message>
    <message>
        <source>%1 could not be started</source>
        <translation>无法启动 %1</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
</context>
<context>
    <name>chancery::ui::DetailsDialog</name>
    <message>
        <source>From %1 to %2 UTC</source>
        <translation>从 %1 到 %2 UTC</translation>
    </message>
    <message>
        <source>Since %1 UTC</source>
        <translation>自 %1 UTC 起</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>chancery::ui::EndorsementModel</name>
    <message>
        <source>Counts</source>
        <translation>有效</translation>
    </message>
    <message>
        <source>Does not count</source>
        <translation>无效</translation>
    </message>
    <message>
        <source>not asked</source>
        <translation>未请求</translation>
    </message>
    <message>
        <source>nobody</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Not needed</source>
        <translation>不需要</translation>
    </message>
    <message>
        <source>Missing</source>
        <translation>缺失</translation>
    </message>
    <message>
        <source>Organisation</source>
        <translation>组织</translation>
    </message>
    <message>
        <source>Endorsed by</source>
        <translation>背书节点</translation>
    </message>
    <message>
        <source>Certificate</source>
        <translation>证书</translation>
    </message>
    <message>
        <source>Signature</source>
        <translation>签名</translation>
    </message>
</context>
<context>
    <name>chancery::ui::EnvelopeModel</name>
    <message>
        <source>Field</source>
        <translation>字段</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Bytes</source>
        <translation>字节</translation>
    </message>
</context>
<context>
    <name>chancery::ui::ErrorState</name>
    <message>
        <source>What you can do</source>
        <translation>可以这样做</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
</context>
<context>
    <name>chancery::ui::ExportDialog</name>
    <message>
        <source>Export a range of blocks</source>
        <translation>导出区块区间</translation>
    </message>
    <message>
        <source>Evidence</source>
        <translation>证据</translation>
    </message>
    <message>
        <source>JSON</source>
        <translation>JSON</translation>
    </message>
    <message>
        <source>CSV</source>
        <translation>CSV</translation>
    </message>
    <message>
        <source>Block files</source>
        <translation>区块文件</translation>
    </message>
    <message>
        <source>Form</source>
        <translation>形式</translation>
    </message>
    <message>
        <source>Blocks</source>
        <translation>区块</translation>
    </message>
    <message>
        <source>First block</source>
        <translation>起始区块</translation>
    </message>
    <message>
        <source>Last block</source>
        <translation>结束区块</translation>
    </message>
    <message>
        <source>to</source>
        <translation>至</translation>
    </message>
    <message>
        <source>Language of the report</source>
        <translation>报告语言</translation>
    </message>
    <message>
        <source>Write to</source>
        <translation>写入到</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Export the evidence of a transaction</source>
        <translation>导出交易的证据</translation>
    </message>
    <message>
        <source>Transaction %1 at %2</source>
        <translation>交易 %1，位于 %2</translation>
    </message>
    <message>
        <source>A folder with a report (PDF and HTML), the blocks, certificates and what was signed. Whoever gets it can check it without any network: by hand, or with chanceryctl ledger verify.</source>
        <translation>一个文件夹，内含报告（PDF 与 HTML）、区块、证书以及被签名的内容。收到者无需任何网络即可核查：手工进行，或使用 chanceryctl ledger verify。</translation>
    </message>
    <message>
        <source>One file: an array of blocks with everything decoded. Read by programs; not signed.</source>
        <translation>单个文件：全部内容已解码的区块数组。供程序读取；未签名。</translation>
    </message>
    <message>
        <source>One file: a line per transaction, for spreadsheets. Cells that would run as a formula begin with an apostrophe.</source>
        <translation>单个文件：每笔交易一行，供电子表格使用。可能被当作公式执行的单元格以撇号开头。</translation>
    </message>
    <message>
        <source>A folder with one file per block, as peers hand them out. Can be opened here again.</source>
        <translation>一个文件夹，每个区块一个文件，与节点提供的形式相同。可在此再次打开。</translation>
    </message>
    <message>
        <source>Say where to write it.</source>
        <translation>请指定写入位置。</translation>
    </message>
    <message>
        <source>The last block comes before the first one.</source>
        <translation>结束区块在起始区块之前。</translation>
    </message>
</context>
<context>
    <name>chancery::ui::FigureStrip</name>
    <message>
        <source>Figures</source>
        <translation>数据</translation>
    </message>
</context>
<context>
    <name>chancery::ui::FindingsDialog</name>
    <message>
        <source>Findings of the verification</source>
        <translation>验证结果明细</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>发现</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Show the block</source>
        <translation>显示该区块</translation>
    </message>
    <message>
        <source>There is nothing to object to.</source>
        <translation>未发现任何问题。</translation>
    </message>
</context>
<context>
    <name>chancery::ui::FindingsModel</name>
    <message>
        <source>Error</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>警告</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>说明</translation>
    </message>
    <message>
        <source>bytes %1 to %2</source>
        <translation>字节 %1 至 %2</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>区块</translation>
    </message>
    <message>
        <source>What was found</source>
        <translation>发现的内容</translation>
    </message>
    <message>
        <source>What it means</source>
        <translation>含义</translation>
    </message>
    <message>
        <source>Severity</source>
        <translation>级别</translation>
    </message>
</context>
<context>
    <name>chancery::ui::HexView</name>
    <message>
        <source>Bytes</source>
        <translation>字节</translation>
    </message>
    <message>
        <source>No bytes</source>
        <translation>没有字节</translation>
    </message>
    <message>
        <source>Copy as hexadecimal</source>
        <translation>复制为十六进制</translation>
    </message>
    <message>
        <source>Copy as text</source>
        <translation>复制为文本</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>全选</translation>
    </message>
</context>
<context>
    <name>chancery::ui::KeyDialog</name>
    <message>
        <source>History and state of a key</source>
        <translation>键的历史与状态</translation>
    </message>
    <message>
        <source>Contract</source>
        <translation>链码</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>键</translation>
    </message>
    <message>
        <source>Key, or how it begins</source>
        <translation>键或其开头</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>After block</source>
        <translation>在此区块之后</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>Versions</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Keys at this height</source>
        <translation>此高度的键</translation>
    </message>
    <message>
        <source>Decode values as JSON</source>
        <translation>按 JSON 解码</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Versions of the key</source>
        <translation>键的各版本</translation>
    </message>
    <message>
        <source>The key cannot be read.</source>
        <translation>无法读取该键。</translation>
    </message>
    <message>
        <source>Written by</source>
        <translation>写入者</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Own policy</source>
        <translation>自有策略</translation>
    </message>
    <message>
        <source>Remark</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>The state before the first block is not known; a snapshot would give it.</source>
        <translation>第一个区块之前的状态未知；快照可以提供。</translation>
    </message>
    <message>
        <source>The key does not exist at this height.</source>
        <translation>该键在此高度不存在。</translation>
    </message>
    <message>
        <source>Choose a contract, type a key and press Enter.</source>
        <translation>请选择链码，输入键并按 Enter。</translation>
    </message>
    <message>
        <source>There is no version to show.</source>
        <translation>没有可显示的版本。</translation>
    </message>
    <message>
        <source>No key begins like this.</source>
        <translation>没有以此开头的键。</translation>
    </message>
</context>
<context>
    <name>chancery::ui::KeyHistoryModel</name>
    <message>
        <source>hash %1</source>
        <translation>哈希 %1</translation>
    </message>
    <message>
        <source>deleted</source>
        <translation>已删除</translation>
    </message>
    <message>
        <source>did not exist</source>
        <translation>不存在</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Time, UTC</source>
        <translation>时间 (UTC)</translation>
    </message>
    <message>
        <source>Written by</source>
        <translation>写入者</translation>
    </message>
    <message>
        <source>Function</source>
        <translation>函数</translation>
    </message>
    <message>
        <source>Value before</source>
        <translation>写入前的值</translation>
    </message>
    <message>
        <source>Value after</source>
        <translation>写入后的值</translation>
    </message>
</context>
<context>
    <name>chancery::ui::KeyViewModel</name>
    <message>
        <source>Hash %1</source>
        <translation>哈希 %1</translation>
    </message>
</context>
<context>
    <name>chancery::ui::KeysDialog</name>
    <message>
        <source>Keys and help</source>
        <translation>按键与帮助</translation>
    </message>
    <message>
        <source>Everything that can be done is in the command palette, opened with Ctrl+K. These have keys of their own:</source>
        <translation>所有操作都在命令面板中，按 Ctrl+K 打开。以下操作另有快捷键：</translation>
    </message>
    <message>
        <source>Chancery %1, Qt %2</source>
        <translation>Chancery %1，Qt %2</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>chancery::ui::KeysModel</name>
    <message>
        <source>This is not the passphrase.</source>
        <translation>口令不正确。</translation>
    </message>
    <message>
        <source>A passphrase has at least eight characters.</source>
        <translation>口令至少需要八个字符。</translation>
    </message>
    <message>
        <source>The keychain does not have the passphrase that counts now. Type it.</source>
        <translation>钥匙串中没有当前有效的口令，请输入口令。</translation>
    </message>
    <message>
        <source>The keychain of this desktop was not opened. The passphrase works as before.</source>
        <translation>未能打开此桌面的钥匙串。口令仍可照常使用。</translation>
    </message>
    <message>
        <source>The keychain of this desktop does not answer. The passphrase works as before.</source>
        <translation>此桌面的钥匙串没有响应。口令仍可照常使用。</translation>
    </message>
    <message>
        <source>The keychain of this desktop does not have this key.</source>
        <translation>此桌面的钥匙串中没有这个密钥。</translation>
    </message>
    <message>
        <source>The keys are locked.</source>
        <translation>密钥已锁定。</translation>
    </message>
    <message>
        <source>This desktop has no keychain that works. The passphrase works as before.</source>
        <translation>此桌面没有可用的钥匙串。口令仍可照常使用。</translation>
    </message>
    <message>
        <source>in the workspace</source>
        <translation>在工作区中</translation>
    </message>
    <message>
        <source>in the keychain of this desktop</source>
        <translation>在此桌面的钥匙串中</translation>
    </message>
    <message>
        <source>in the token %1</source>
        <translation>在令牌 %1 中</translation>
    </message>
</context>
<context>
    <name>chancery::ui::KeysSection</name>
    <message>
        <source>Remember the passphrase in the desktop&apos;s keychain</source>
        <translation>在桌面钥匙串中记住口令</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>There are none yet.</source>
        <translation>还没有密钥。</translation>
    </message>
    <message>
        <source>Locked</source>
        <translation>已锁定</translation>
    </message>
    <message>
        <source>Unlocked</source>
        <translation>已解锁</translation>
    </message>
    <message>
        <source>Cannot be opened</source>
        <translation>无法打开</translation>
    </message>
    <message>
        <source>looking …</source>
        <translation>正在查看…</translation>
    </message>
    <message>
        <source>Make…</source>
        <translation>创建…</translation>
    </message>
    <message>
        <source>Lock</source>
        <translation>锁定</translation>
    </message>
    <message>
        <source>Unlock…</source>
        <translation>解锁…</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>Move to the workspace</source>
        <translation>移到工作区</translation>
    </message>
    <message>
        <source>Move to the keychain</source>
        <translation>移到钥匙串</translation>
    </message>
</context>
<context>
    <name>chancery::ui::LedgerDesk</name>
    <message>
        <source>Close ledger</source>
        <translation>关闭账本</translation>
    </message>
    <message>
        <source>No ledger is open.</source>
        <translation>没有打开的账本。</translation>
    </message>
    <message>
        <source>Verify a ledger file</source>
        <translation>验证账本文件</translation>
    </message>
    <message>
        <source>Ledger files (*.block *.pb blockfile_* *.chledger)</source>
        <translation>账本文件 (*.block *.pb blockfile_* *.chledger)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>验证</translation>
    </message>
    <message>
        <source>Verify a ledger folder or a snapshot</source>
        <translation>验证账本文件夹或快照</translation>
    </message>
    <message>
        <source>Where is %1 now?</source>
        <translation>%1 现在在哪里？</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>The ledger of this link is not known here</source>
        <translation>此链接所指的账本在这里未知</translation>
    </message>
    <message>
        <source>Open its files once; then the link works.</source>
        <translation>先打开一次其文件，链接即可使用。</translation>
    </message>
    <message>
        <source>%1 cannot be opened</source>
        <translation>无法打开 %1</translation>
    </message>
    <message>
        <source>Ledger</source>
        <translation>账本</translation>
    </message>
    <message>
        <source>Channel</source>
        <translation>通道</translation>
    </message>
    <message>
        <source>Acting as</source>
        <translation>当前身份</translation>
    </message>
    <message>
        <source>no identity</source>
        <translation>无身份</translation>
    </message>
    <message>
        <source>read-only</source>
        <translation>只读</translation>
    </message>
    <message>
        <source>Files are read without an identity; nothing can be changed.</source>
        <translation>读取文件不需要身份；无法做任何更改。</translation>
    </message>
    <message>
        <source>Copy channel name</source>
        <translation>复制通道名称</translation>
    </message>
    <message>
        <source>The ledger index was cleared</source>
        <translation>账本索引已清除</translation>
    </message>
    <message>
        <source>The ledger index could not be cleared</source>
        <translation>无法清除账本索引</translation>
    </message>
    <message>
        <source>Some files in %1 are in use.</source>
        <translation>%1 中有文件正在使用。</translation>
    </message>
    <message>
        <source>%1 gave a block that is not right</source>
        <translation>%1 给出了不正确的区块</translation>
    </message>
    <message>
        <source>%1 The block was not taken, and the node is not asked any more.</source>
        <translation>%1 该区块未被接受，也不再向该节点请求。</translation>
    </message>
    <message>
        <source>Connect to a network…</source>
        <translation>连接到网络…</translation>
    </message>
    <message>
        <source>Networks cannot be reached here.</source>
        <translation>此处无法连接网络。</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>Blocks are asked for as this identity; nothing is changed.</source>
        <translation>以该身份请求区块；不会更改任何内容。</translation>
    </message>
</context>
<context>
    <name>chancery::ui::LedgerExports</name>
    <message>
        <source>Export evidence of %1</source>
        <translation>导出 %1 的证据</translation>
    </message>
    <message>
        <source>Export %1</source>
        <translation>导出 %1</translation>
    </message>
    <message>
        <source>Reading blocks</source>
        <translation>正在读取区块</translation>
    </message>
    <message numerus="yes">
        <source>%n block(s) read</source>
        <translation>
            <numerusform>已读取 %n 个区块</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Evidence of %n transaction(s) written</source>
        <translation>
            <numerusform>已写出 %n 笔交易的证据</numerusform>
        </translation>
    </message>
    <message>
        <source>Exported %1 transactions in %2 blocks</source>
        <translation>已导出 %2 个区块中的 %1 笔交易</translation>
    </message>
</context>
<context>
    <name>chancery::ui::LedgerPage</name>
    <message>
        <source>Ledger</source>
        <translation>账本</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Verify again</source>
        <translation>重新验证</translation>
    </message>
    <message>
        <source>Export range…</source>
        <translation>导出区间…</translation>
    </message>
    <message>
        <source>Export range…  Ctrl+E</source>
        <translation>导出区间…  Ctrl+E</translation>
    </message>
    <message>
        <source>Transactions over time</source>
        <translation>交易随时间分布</translation>
    </message>
    <message>
        <source>Search the ledger</source>
        <translation>搜索账本</translation>
    </message>
    <message>
        <source>add a block number, transaction ID, key or contract</source>
        <translation>输入区块号、交易 ID、键或链码</translation>
    </message>
    <message>
        <source>Time range</source>
        <translation>时间范围</translation>
    </message>
    <message>
        <source>Whole ledger</source>
        <translation>整个账本</translation>
    </message>
    <message>
        <source>Last hour</source>
        <translation>最近 1 小时</translation>
    </message>
    <message>
        <source>Last 24 hours</source>
        <translation>最近 24 小时</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>最近 7 天</translation>
    </message>
    <message>
        <source>Counted back from the newest block</source>
        <translation>从最新区块向前计算</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Any result</source>
        <translation>全部结果</translation>
    </message>
    <message>
        <source>Valid</source>
        <translation>有效</translation>
    </message>
    <message>
        <source>Invalid</source>
        <translation>无效</translation>
    </message>
    <message>
        <source>Blocks</source>
        <translation>区块</translation>
    </message>
    <message>
        <source>Nothing matches</source>
        <translation>没有匹配项</translation>
    </message>
    <message>
        <source>Clear the search</source>
        <translation>清除搜索</translation>
    </message>
    <message>
        <source>Transactions</source>
        <translation>交易</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>此区块</translation>
    </message>
    <message>
        <source>All hits</source>
        <translation>全部命中</translation>
    </message>
    <message>
        <source>Which transactions are listed</source>
        <translation>列出哪些交易</translation>
    </message>
    <message>
        <source>No ledger is open</source>
        <translation>没有打开的账本</translation>
    </message>
    <message>
        <source>Open a block file, a peer&apos;s ledger folder or a snapshot of any Fabric network: it is read, verified and indexed on this machine.</source>
        <translation>打开任意 Fabric 网络的区块文件、节点账本文件夹或快照：在本机读取、验证并建立索引。</translation>
    </message>
    <message>
        <source>Choose a ledger file…</source>
        <translation>选择账本文件…</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Choose another file…</source>
        <translation>选择其他文件…</translation>
    </message>
    <message>
        <source>Export evidence of the transaction…</source>
        <translation>导出该交易的证据…</translation>
    </message>
    <message>
        <source>No transaction is selected</source>
        <translation>未选择交易</translation>
    </message>
    <message>
        <source>Findings of the verification…</source>
        <translation>验证结果明细…</translation>
    </message>
    <message>
        <source>Compare with another source…</source>
        <translation>与另一来源比较…</translation>
    </message>
    <message>
        <source>History and state of a key…</source>
        <translation>键的历史与状态…</translation>
    </message>
    <message>
        <source>Opening %1</source>
        <translation>正在打开 %1</translation>
    </message>
    <message>
        <source>%1 cannot be opened</source>
        <translation>无法打开 %1</translation>
    </message>
    <message>
        <source>Choose a block file, a peer&apos;s ledger folder (chains) or a snapshot folder.</source>
        <translation>请选择区块文件、节点账本文件夹 (chains) 或快照文件夹。</translation>
    </message>
    <message>
        <source>If it was copied while a peer was running, copy it again.</source>
        <translation>如果是在节点运行时复制的，请重新复制。</translation>
    </message>
    <message>
        <source>%1 on %2</source>
        <translation>%1 通道，读取自 %2</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Each part of the search alone is found, but not all of them together.</source>
        <translation>每个搜索条件单独都有结果，但不能同时满足。</translation>
    </message>
    <message>
        <source>“%1” alone excludes everything.</source>
        <translation>仅“%1”就排除了全部内容。</translation>
    </message>
    <message>
        <source>” and “</source>
        <translation>”和“</translation>
    </message>
</context>
<context>
    <name>chancery::ui::LedgerPageModel</name>
    <message>
        <source>Closed</source>
        <translation>已关闭</translation>
    </message>
    <message>
        <source>Verify %1</source>
        <translation>验证 %1</translation>
    </message>
    <message>
        <source>Reading blocks</source>
        <translation>正在读取区块</translation>
    </message>
    <message>
        <source>Verified %1 blocks in %2 s</source>
        <translation>已在 %2 秒内验证 %1 个区块</translation>
    </message>
    <message numerus="yes">
        <source>%n block(s) read</source>
        <translation>
            <numerusform>已读取 %n 个区块</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 and %n more</source>
        <translation>
            <numerusform>%1 及另外 %n 个</numerusform>
        </translation>
    </message>
    <message>
        <source>Block %1 does not match</source>
        <translation>区块 %1 不一致</translation>
    </message>
    <message>
        <source>The chain does not match</source>
        <translation>链不一致</translation>
    </message>
    <message>
        <source>Verifying, %1 %</source>
        <translation>正在验证，%1%</translation>
    </message>
    <message>
        <source>Cannot be read</source>
        <translation>无法读取</translation>
    </message>
    <message>
        <source>Cannot be read behind block %1</source>
        <translation>区块 %1 之后无法读取</translation>
    </message>
    <message>
        <source>Paused, verified up to block %1</source>
        <translation>已暂停，已验证到区块 %1</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message numerus="yes">
        <source>Blocks %1 to %2 hold, %n warning(s)</source>
        <translation>
            <numerusform>区块 %1 至 %2 成立，%n 条警告</numerusform>
        </translation>
    </message>
    <message>
        <source>Chain verified, blocks %1 to %2</source>
        <translation>链已验证：区块 %1 至 %2</translation>
    </message>
    <message>
        <source>No blocks</source>
        <translation>没有区块</translation>
    </message>
    <message>
        <source>Not verified</source>
        <translation>未验证</translation>
    </message>
    <message>
        <source>It cannot be read as blocks of Fabric: it is something else, or it is damaged.</source>
        <translation>无法作为 Fabric 区块读取：它不是区块文件，或已损坏。</translation>
    </message>
    <message>
        <source>No blocks yet</source>
        <translation>尚无区块</translation>
    </message>
</context>
<context>
    <name>chancery::ui::LedgerPaletteProvider</name>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Copy %1</source>
        <translation>复制 %1</translation>
    </message>
    <message>
        <source>Copy link</source>
        <translation>复制链接</translation>
    </message>
    <message>
        <source>Block %1</source>
        <translation>区块 %1</translation>
    </message>
    <message>
        <source>Verified</source>
        <translation>已验证</translation>
    </message>
    <message>
        <source>Does not match</source>
        <translation>不一致</translation>
    </message>
    <message>
        <source>Not verified yet</source>
        <translation>尚未验证</translation>
    </message>
    <message>
        <source>Transaction, block %1, %2</source>
        <translation>交易，区块 %1，%2</translation>
    </message>
    <message>
        <source>Search the ledger for %1</source>
        <translation>在账本中搜索 %1</translation>
    </message>
    <message numerus="yes">
        <source>%n found</source>
        <translation>
            <numerusform>找到 %n 条</numerusform>
        </translation>
    </message>
    <message>
        <source>Transactions sent by %1</source>
        <translation>由 %1 提交的交易</translation>
    </message>
    <message>
        <source>Certificate of %1, valid until %2</source>
        <translation>%1 签发的证书，有效期至 %2</translation>
    </message>
</context>
<context>
    <name>chancery::ui::LoadingRows</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Loading</source>
        <translation>正在加载</translation>
    </message>
</context>
<context>
    <name>chancery::ui::MainWindow</name>
    <message>
        <source>Ledger</source>
        <translation>账本</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>none open</source>
        <translation>未打开</translation>
    </message>
    <message>
        <source>Page</source>
        <translation>页面</translation>
    </message>
    <message>
        <source>Verify a ledger file…</source>
        <translation>验证账本文件…</translation>
    </message>
    <message>
        <source>Verify a ledger folder…</source>
        <translation>验证账本文件夹…</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>设置…</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Welcome</source>
        <translation>欢迎</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>后退</translation>
    </message>
    <message>
        <source>There is nothing to go back to.</source>
        <translation>没有可后退的位置。</translation>
    </message>
    <message>
        <source>Forward</source>
        <translation>前进</translation>
    </message>
    <message>
        <source>There is nothing to go forward to.</source>
        <translation>没有可前进的位置。</translation>
    </message>
    <message>
        <source>Copy link</source>
        <translation>复制链接</translation>
    </message>
    <message>
        <source>Copy as CLI command</source>
        <translation>复制为命令行命令</translation>
    </message>
    <message>
        <source>What is shown has no command line form.</source>
        <translation>当前内容没有命令行形式。</translation>
    </message>
    <message>
        <source>Go to %1</source>
        <translation>转到%1</translation>
    </message>
    <message>
        <source>Open a ledger first.</source>
        <translation>请先打开账本。</translation>
    </message>
    <message>
        <source>Search or run a command</source>
        <translation>搜索或执行命令</translation>
    </message>
    <message>
        <source>Switch network, channel or identity</source>
        <translation>切换网络、通道或身份</translation>
    </message>
    <message>
        <source>Show rail as icons</source>
        <translation>导航栏仅显示图标</translation>
    </message>
    <message>
        <source>Show or hide the inspector</source>
        <translation>显示或隐藏检查器</translation>
    </message>
    <message>
        <source>This page has no inspector.</source>
        <translation>此页面没有检查器。</translation>
    </message>
    <message>
        <source>Show or hide activity</source>
        <translation>显示或隐藏活动</translation>
    </message>
    <message>
        <source>Filter this page</source>
        <translation>筛选此页面</translation>
    </message>
    <message>
        <source>Next pane</source>
        <translation>下一窗格</translation>
    </message>
    <message>
        <source>There is only one page.</source>
        <translation>只有一个页面。</translation>
    </message>
    <message>
        <source>Previous page</source>
        <translation>上一页面</translation>
    </message>
    <message>
        <source>Next page</source>
        <translation>下一页面</translation>
    </message>
    <message>
        <source>Keys and help</source>
        <translation>按键与帮助</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Go</source>
        <translation>转到(&amp;G)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Page</source>
        <translation>页面(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>Open a network first.</source>
        <translation>请先打开一个网络。</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>概览</translation>
    </message>
</context>
<context>
    <name>chancery::ui::NavRail</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>页面</translation>
    </message>
</context>
<context>
    <name>chancery::ui::NetworkDesk</name>
    <message>
        <source>This console cannot start nodes.</source>
        <translation>此控制台不能启动节点。</translation>
    </message>
    <message>
        <source>No network is open.</source>
        <translation>没有打开的网络。</translation>
    </message>
    <message>
        <source>Create and start a demo network</source>
        <translation>创建并启动演示网络</translation>
    </message>
    <message>
        <source>Open a network&apos;s folder…</source>
        <translation>打开网络的文件夹…</translation>
    </message>
    <message>
        <source>Close network</source>
        <translation>关闭网络</translation>
    </message>
    <message>
        <source>Open a network&apos;s folder</source>
        <translation>打开网络的文件夹</translation>
    </message>
    <message>
        <source>No peer of this network has its blocks on this computer</source>
        <translation>此网络没有节点把区块保存在本机</translation>
    </message>
    <message>
        <source>%1 could not be started</source>
        <translation>无法启动 %1</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>%1 is back</source>
        <translation>%1 已恢复</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>Channel</source>
        <translation>通道</translation>
    </message>
    <message>
        <source>All channels</source>
        <translation>所有通道</translation>
    </message>
    <message>
        <source>Acting as</source>
        <translation>身份</translation>
    </message>
    <message>
        <source>administrator of this computer</source>
        <translation>本机管理员</translation>
    </message>
    <message>
        <source>no identity</source>
        <translation>无身份</translation>
    </message>
</context>
<context>
    <name>chancery::ui::NetworkModel</name>
    <message>
        <source>Its disk is almost full: %1 of %2 are free.</source>
        <translation>磁盘几乎已满：%2 中仅剩 %1。</translation>
    </message>
    <message>
        <source>%1 blocks behind</source>
        <translation>落后 %1 个区块</translation>
    </message>
    <message>
        <source>%1 blocks behind on %2.</source>
        <translation>在 %2 上落后 %1 个区块。</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>启动中</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>Its process does not run.</source>
        <translation>其进程没有运行。</translation>
    </message>
    <message>
        <source>Asking…</source>
        <translation>询问中…</translation>
    </message>
    <message>
        <source>No answer</source>
        <translation>无应答</translation>
    </message>
    <message>
        <source>Another ledger</source>
        <translation>账本不同</translation>
    </message>
    <message>
        <source>Its newest block is not the one that others have at this height.</source>
        <translation>其最新区块与其他节点在此高度的区块不同。</translation>
    </message>
    <message>
        <source>Running, leader</source>
        <translation>运行中，领导者</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>Needs attention</source>
        <translation>需要关注</translation>
    </message>
    <message>
        <source>%1: %2.</source>
        <translation>%1：%2。</translation>
    </message>
    <message>
        <source>Nodes healthy</source>
        <translation>健康节点</translation>
    </message>
    <message>
        <source>of %1</source>
        <translation>共 %1</translation>
    </message>
    <message>
        <source>Channels</source>
        <translation>通道</translation>
    </message>
    <message>
        <source>ledgers differ</source>
        <translation>账本不一致</translation>
    </message>
    <message>
        <source>in agreement</source>
        <translation>一致</translation>
    </message>
    <message>
        <source>New blocks</source>
        <translation>新区块</translation>
    </message>
    <message>
        <source>a minute</source>
        <translation>每分钟</translation>
    </message>
    <message>
        <source>Furthest behind</source>
        <translation>最大落后</translation>
    </message>
    <message>
        <source>blocks</source>
        <translation>个区块</translation>
    </message>
    <message>
        <source>Hosts well</source>
        <translation>正常主机</translation>
    </message>
    <message>
        <source>CA</source>
        <translation>CA</translation>
    </message>
    <message>
        <source>Orderer</source>
        <translation>排序节点</translation>
    </message>
    <message>
        <source>Peer</source>
        <translation>节点</translation>
    </message>
    <message>
        <source>Organisation and node</source>
        <translation>组织和节点</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Heights</source>
        <translation>区块高度</translation>
    </message>
    <message>
        <source>Host</source>
        <translation>主机</translation>
    </message>
    <message>
        <source>This computer</source>
        <translation>本机</translation>
    </message>
</context>
<context>
    <name>chancery::ui::NetworkSession</name>
    <message>
        <source>Start the agent of this computer</source>
        <translation>启动本机代理</translation>
    </message>
    <message>
        <source>Start the certificate authorities</source>
        <translation>启动证书颁发机构</translation>
    </message>
    <message>
        <source>Enrol the members</source>
        <translation>登记成员</translation>
    </message>
    <message>
        <source>Start peers and orderers</source>
        <translation>启动节点和排序节点</translation>
    </message>
    <message>
        <source>Make the channels&apos; first blocks</source>
        <translation>生成通道的首个区块</translation>
    </message>
    <message>
        <source>Join the channels</source>
        <translation>加入通道</translation>
    </message>
    <message>
        <source>Deploy the contracts</source>
        <translation>部署链码</translation>
    </message>
    <message>
        <source>Create network</source>
        <translation>创建网络</translation>
    </message>
    <message>
        <source>Send the first transactions</source>
        <translation>发送首批交易</translation>
    </message>
    <message>
        <source>Start network</source>
        <translation>启动网络</translation>
    </message>
    <message>
        <source>All nodes serve</source>
        <translation>所有节点均在服务</translation>
    </message>
    <message>
        <source>Everything was removed again</source>
        <translation>已全部删除</translation>
    </message>
    <message>
        <source>Given up</source>
        <translation>已放弃</translation>
    </message>
    <message>
        <source>Start node</source>
        <translation>启动节点</translation>
    </message>
    <message>
        <source>Stop node</source>
        <translation>停止节点</translation>
    </message>
    <message>
        <source>Restart node</source>
        <translation>重启节点</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
</context>
<context>
    <name>chancery::ui::NewBlocks</name>
    <message numerus="yes">
        <source>%n new block(s)</source>
        <translation>
            <numerusform>%n 个新区块</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>chancery::ui::NodeInspector</name>
    <message>
        <source>Certificate authority</source>
        <translation>证书颁发机构</translation>
    </message>
    <message>
        <source>Orderer</source>
        <translation>排序节点</translation>
    </message>
    <message>
        <source>Peer</source>
        <translation>节点</translation>
    </message>
    <message>
        <source>%1 d %2 h</source>
        <translation>%1 天 %2 小时</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 小时 %2 分</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 分</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>No node selected</source>
        <translation>未选择节点</translation>
    </message>
    <message>
        <source>Choose a node of the topology.</source>
        <translation>请在拓扑中选择一个节点。</translation>
    </message>
    <message>
        <source>Blocks behind</source>
        <translation>落后区块</translation>
    </message>
    <message>
        <source>Channels</source>
        <translation>通道</translation>
    </message>
    <message>
        <source>Channel</source>
        <translation>通道</translation>
    </message>
    <message>
        <source>Height</source>
        <translation>区块高度</translation>
    </message>
    <message>
        <source>Behind</source>
        <translation>落后</translation>
    </message>
    <message>
        <source>Channels of this node</source>
        <translation>此节点的通道</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>启动</translation>
    </message>
    <message>
        <source>Restart</source>
        <translation>重启</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Uptime</source>
        <translation>运行时间</translation>
    </message>
    <message>
        <source>Process</source>
        <translation>进程</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Last answer</source>
        <translation>最近应答</translation>
    </message>
    <message>
        <source>Limits</source>
        <translation>限制</translation>
    </message>
    <message>
        <source>What is shown is of %1 UTC.</source>
        <translation>显示的是 %1 UTC 的数据。</translation>
    </message>
    <message>
        <source> UTC</source>
        <translation> UTC</translation>
    </message>
    <message>
        <source>none yet</source>
        <translation>尚无</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
</context>
<context>
    <name>chancery::ui::Notice</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>chancery::ui::NotificationView</name>
    <message>
        <source>Events</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Nothing has happened yet in this session.</source>
        <translation>本次会话中尚无事件。</translation>
    </message>
    <message>
        <source>No problems in this session.</source>
        <translation>本次会话中没有问题。</translation>
    </message>
</context>
<context>
    <name>chancery::ui::NotificationsPopup</name>
    <message>
        <source>Notifications</source>
        <translation>通知</translation>
    </message>
    <message>
        <source>Show all events</source>
        <translation>显示全部事件</translation>
    </message>
</context>
<context>
    <name>chancery::ui::OperationModel</name>
    <message>
        <source>%1, about %2 left</source>
        <translation>%1，约剩 %2</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>进行中</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Done, with warnings</source>
        <translation>完成，有警告</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1%</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Operation</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>步骤</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
</context>
<context>
    <name>chancery::ui::OperationView</name>
    <message>
        <source>Operations</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>Nothing runs, and nothing has run in the last 24 hours.</source>
        <translation>当前没有操作，过去 24 小时内也没有。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Reveal</source>
        <translation>显示位置</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
</context>
<context>
    <name>chancery::ui::OverviewPage</name>
    <message>
        <source>Figures of the network</source>
        <translation>网络指标</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>Ask all nodes now</source>
        <translation>立即询问所有节点</translation>
    </message>
    <message>
        <source>Export the topology…</source>
        <translation>导出拓扑…</translation>
    </message>
    <message>
        <source>Topology as table</source>
        <translation>以表格显示拓扑</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>概览</translation>
    </message>
    <message>
        <source>Sample traffic</source>
        <translation>示例交易</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Verify ledgers</source>
        <translation>验证账本</translation>
    </message>
    <message>
        <source>Check health</source>
        <translation>检查健康状况</translation>
    </message>
    <message>
        <source>Topology</source>
        <translation>拓扑</translation>
    </message>
    <message>
        <source>By organisation</source>
        <translation>按组织</translation>
    </message>
    <message>
        <source>By host</source>
        <translation>按主机</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>表格</translation>
    </message>
    <message>
        <source>How the topology is shown</source>
        <translation>拓扑的显示方式</translation>
    </message>
    <message>
        <source>Smaller</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>Larger</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Fit into the window</source>
        <translation>适合窗口</translation>
    </message>
    <message numerus="yes">
        <source>%n organisation(s)</source>
        <translation>
            <numerusform>%n 个组织</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n node(s)</source>
        <translation>
            <numerusform>%n 个节点</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n channel(s)</source>
        <translation>
            <numerusform>%n 个通道</numerusform>
        </translation>
    </message>
    <message>
        <source>Pause samples</source>
        <translation>暂停示例交易</translation>
    </message>
    <message>
        <source>Send samples</source>
        <translation>发送示例交易</translation>
    </message>
    <message>
        <source>Export the topology</source>
        <translation>导出拓扑</translation>
    </message>
    <message>
        <source>Drawing (*.svg)</source>
        <translation>矢量图 (*.svg)</translation>
    </message>
    <message>
        <source>Picture (*.png)</source>
        <translation>图片 (*.png)</translation>
    </message>
</context>
<context>
    <name>chancery::ui::PaletteModel</name>
    <message>
        <source>Do</source>
        <translation>执行</translation>
    </message>
    <message>
        <source>Go to</source>
        <translation>转到</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Enter</translation>
    </message>
    <message>
        <source>searching …</source>
        <translation>正在搜索…</translation>
    </message>
</context>
<context>
    <name>chancery::ui::PermissionState</name>
    <message>
        <source>Who can:</source>
        <translation>可执行者：</translation>
    </message>
</context>
<context>
    <name>chancery::ui::ProgressLine</name>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1%</translation>
    </message>
</context>
<context>
    <name>chancery::ui::QueryPopup</name>
    <message>
        <source>Completions</source>
        <translation>补全</translation>
    </message>
</context>
<context>
    <name>chancery::ui::ReadWriteModel</name>
    <message numerus="yes">
        <source>%n read(s)</source>
        <translation>
            <numerusform>%n 次读取</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n write(s)</source>
        <translation>
            <numerusform>%n 次写入</numerusform>
        </translation>
    </message>
    <message>
        <source>hashes only</source>
        <translation>仅哈希</translation>
    </message>
    <message>
        <source>not read</source>
        <translation>未读取</translation>
    </message>
    <message>
        <source>did not exist</source>
        <translation>不存在</translation>
    </message>
    <message>
        <source>What was current is not known</source>
        <translation>当时的最新值未知</translation>
    </message>
    <message>
        <source>Still current when it was judged</source>
        <translation>验证时仍为最新</translation>
    </message>
    <message>
        <source>Changed before it was judged, by %1</source>
        <translation>在验证之前被 %1 修改</translation>
    </message>
    <message>
        <source>Deleted before it was judged</source>
        <translation>在验证之前被删除</translation>
    </message>
    <message>
        <source>policy only</source>
        <translation>仅策略</translation>
    </message>
    <message>
        <source>read only</source>
        <translation>仅读取</translation>
    </message>
    <message>
        <source>not written</source>
        <translation>未写入</translation>
    </message>
    <message>
        <source>hash %1</source>
        <translation>哈希 %1</translation>
    </message>
    <message>
        <source>does not exist</source>
        <translation>不存在</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>purged</source>
        <translation>已清除</translation>
    </message>
    <message>
        <source>deleted</source>
        <translation>已删除</translation>
    </message>
    <message>
        <source>policy %1</source>
        <translation>策略 %1</translation>
    </message>
    <message>
        <source>policy removed</source>
        <translation>策略已移除</translation>
    </message>
    <message>
        <source>first key</source>
        <translation>首个键</translation>
    </message>
    <message>
        <source>last key</source>
        <translation>末个键</translation>
    </message>
    <message numerus="yes">
        <source>range, %n result(s)</source>
        <translation>
            <numerusform>范围，%n 条结果</numerusform>
        </translation>
    </message>
    <message>
        <source>range, recorded as hashes</source>
        <translation>范围，以哈希记录</translation>
    </message>
    <message>
        <source>queried to its end</source>
        <translation>查询到末尾</translation>
    </message>
    <message>
        <source>queried in part</source>
        <translation>部分查询</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>键</translation>
    </message>
    <message>
        <source>Read at version</source>
        <translation>读取版本</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>写入前</translation>
    </message>
    <message>
        <source>After</source>
        <translation>写入后</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>contract, part of its definition</comment>
        <translation>%1：%2</translation>
    </message>
</context>
<context>
    <name>chancery::ui::RecentDelegate</name>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>昨天</translation>
    </message>
    <message>
        <source>d MMMM</source>
        <comment>date without year, as in 12 March</comment>
        <translation>M月d日</translation>
    </message>
    <message>
        <source>Locate…</source>
        <translation>定位…</translation>
    </message>
</context>
<context>
    <name>chancery::ui::RecentLedgers</name>
    <message>
        <source>Not found at %1</source>
        <translation>在 %1 未找到</translation>
    </message>
    <message numerus="yes">
        <source>%n blocks</source>
        <translation>
            <numerusform>%n 个区块</numerusform>
        </translation>
    </message>
    <message>
        <source>Verified, %1, no errors</source>
        <translation>已验证，%1，无错误</translation>
    </message>
    <message>
        <source>Broken, %1, %2</source>
        <translation>已损坏，%1，%2</translation>
    </message>
    <message numerus="yes">
        <source>%n errors</source>
        <translation>
            <numerusform>%n 个错误</numerusform>
        </translation>
    </message>
    <message>
        <source>Verified in part, %1</source>
        <translation>部分验证，%1</translation>
    </message>
    <message>
        <source>Not verified yet</source>
        <translation>尚未验证</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>Cannot be read</source>
        <translation>无法读取</translation>
    </message>
</context>
<context>
    <name>chancery::ui::SearchField</name>
    <message>
        <source>Clear</source>
        <translation>清除</translation>
    </message>
</context>
<context>
    <name>chancery::ui::SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Changes are applied at once.</source>
        <translation>更改立即生效。</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>System</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Compact</source>
        <translation>紧凑</translation>
    </message>
    <message>
        <source>Normal</source>
        <translation>标准</translation>
    </message>
    <message>
        <source>Comfortable</source>
        <translation>宽松</translation>
    </message>
    <message>
        <source>Table rows</source>
        <translation>表格行</translation>
    </message>
    <message>
        <source>Nothing slides or spins</source>
        <translation>不使用滑动与旋转动画</translation>
    </message>
    <message>
        <source>Reduced motion</source>
        <translation>减少动态效果</translation>
    </message>
    <message>
        <source>Ledger index</source>
        <translation>账本索引</translation>
    </message>
    <message>
        <source>Folder of the index</source>
        <translation>索引文件夹</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>measuring …</source>
        <translation>正在计算…</translation>
    </message>
    <message>
        <source>Clear index…</source>
        <translation>清除索引…</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Debug</source>
        <translation>调试</translation>
    </message>
    <message>
        <source>Information</source>
        <translation>信息</translation>
    </message>
    <message>
        <source>Warnings</source>
        <translation>警告</translation>
    </message>
    <message>
        <source>Errors only</source>
        <translation>仅错误</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>级别</translation>
    </message>
    <message>
        <source>Show log file</source>
        <translation>显示日志文件</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Clear the ledger index?</source>
        <translation>清除账本索引？</translation>
    </message>
    <message>
        <source>%1 of verified indexes are deleted.</source>
        <translation>将删除 %1 已验证的索引。</translation>
    </message>
    <message>
        <source>Opened ledgers are closed.</source>
        <translation>已打开的账本会被关闭。</translation>
    </message>
    <message>
        <source>Each ledger is read and verified anew when it is opened. Ledger files stay as they are.</source>
        <translation>每个账本在打开时会重新读取并验证。账本文件保持不变。</translation>
    </message>
    <message>
        <source>Clear index</source>
        <translation>清除索引</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>Private keys</source>
        <translation>私钥</translation>
    </message>
</context>
<context>
    <name>chancery::ui::StaleBanner</name>
    <message>
        <source>Try now</source>
        <translation>立即重试</translation>
    </message>
    <message>
        <source>Figures are from %1.</source>
        <translation>数据截至 %1。</translation>
    </message>
    <message>
        <source>Trying again in %1.</source>
        <translation>%1 后重试。</translation>
    </message>
</context>
<context>
    <name>chancery::ui::StateModel</name>
    <message>
        <source>does not exist</source>
        <translation>不存在</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>键</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Written by</source>
        <translation>写入者</translation>
    </message>
</context>
<context>
    <name>chancery::ui::StreamStatus</name>
    <message numerus="yes">
        <source>%n s</source>
        <translation>
            <numerusform>%n 秒</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>chancery::ui::TimeHistogram</name>
    <message>
        <source>%1 to %2 UTC: %3 transactions, %4 invalid</source>
        <translation>%1 至 %2 UTC：%3 笔交易，%4 笔无效</translation>
    </message>
    <message>
        <source>Transactions over time, no range selected</source>
        <translation>交易随时间分布，未选择区间</translation>
    </message>
    <message>
        <source>Transactions over time, %1 to %2 UTC selected</source>
        <translation>交易随时间分布，已选择 %1 至 %2 UTC</translation>
    </message>
</context>
<context>
    <name>chancery::ui::Toast</name>
    <message>
        <source>Reveal</source>
        <translation>显示位置</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
</context>
<context>
    <name>chancery::ui::TopologyView</name>
    <message>
        <source>Topology</source>
        <translation>拓扑</translation>
    </message>
</context>
<context>
    <name>chancery::ui::TransactionInspector</name>
    <message>
        <source>No transaction selected</source>
        <translation>未选择交易</translation>
    </message>
    <message>
        <source>Choose a block and one of its transactions.</source>
        <translation>请选择一个区块及其中的一笔交易。</translation>
    </message>
    <message>
        <source>Decoded</source>
        <translation>解码视图</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>Envelope tree</source>
        <translation>信封结构</translation>
    </message>
    <message>
        <source>Raw bytes</source>
        <translation>原始字节</translation>
    </message>
    <message>
        <source>Envelope as a tree</source>
        <translation>信封树形结构</translation>
    </message>
    <message>
        <source>Bytes of the transaction</source>
        <translation>交易的字节</translation>
    </message>
    <message>
        <source>Transaction ID</source>
        <translation>交易 ID</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Export the evidence of this transaction</source>
        <translation>导出此交易的证据</translation>
    </message>
    <message>
        <source>Previous transaction  K</source>
        <translation>上一笔交易  K</translation>
    </message>
    <message>
        <source>Next transaction  J</source>
        <translation>下一笔交易  J</translation>
    </message>
    <message>
        <source>What it changes in the configuration</source>
        <translation>对配置的更改</translation>
    </message>
    <message>
        <source>Read and write set</source>
        <translation>读写集</translation>
    </message>
    <message>
        <source>Decode values as JSON</source>
        <translation>按 JSON 解码</translation>
    </message>
    <message>
        <source>Endorsements</source>
        <translation>背书</translation>
    </message>
    <message>
        <source>Position in the chain</source>
        <translation>链上位置</translation>
    </message>
    <message>
        <source>Payload of the event</source>
        <translation>事件内容</translation>
    </message>
    <message>
        <source>Transaction without an ID</source>
        <translation>没有 ID 的交易</translation>
    </message>
    <message>
        <source>Events  1</source>
        <translation>事件  1</translation>
    </message>
    <message>
        <source>The transaction sent no event.</source>
        <translation>该交易没有发出事件。</translation>
    </message>
    <message>
        <source>Submitted by</source>
        <translation>提交者</translation>
    </message>
    <message>
        <source>Policy</source>
        <translation>策略</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>响应</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>种类</translation>
    </message>
    <message>
        <source>Arguments</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>Parts cannot be decoded.</source>
        <translation>有部分内容无法解码。</translation>
    </message>
    <message>
        <source>Agreed by %1</source>
        <translation>由 %1 同意</translation>
    </message>
    <message>
        <source>%1 does not match.</source>
        <translation>%1 不一致。</translation>
    </message>
    <message>
        <source>Its header repeats another hash than that of its transactions.</source>
        <translation>其头部记录的哈希与其交易的哈希不同。</translation>
    </message>
    <message>
        <source>The next header repeats another hash than this block has.</source>
        <translation>下一头部记录的哈希与此区块的哈希不同。</translation>
    </message>
    <message>
        <source>Repeated as</source>
        <translation>记录为</translation>
    </message>
    <message>
        <source>Computed</source>
        <translation>计算得出</translation>
    </message>
    <message>
        <source>In the header</source>
        <translation>头部中</translation>
    </message>
    <message>
        <source>History and state of this key…</source>
        <translation>此键的历史与状态…</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
</context>
<context>
    <name>chancery::ui::TxModel</name>
    <message>
        <source>Not judged</source>
        <translation>未判定</translation>
    </message>
    <message>
        <source>Transaction</source>
        <translation>交易</translation>
    </message>
    <message>
        <source>Contract call</source>
        <translation>链码调用</translation>
    </message>
    <message>
        <source>Creator</source>
        <translation>提交者</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Judged here, by no peer.</source>
        <translation>由本机判定，没有节点判定过。</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>位置</translation>
    </message>
</context>
<context>
    <name>chancery::ui::UnlockDialog</name>
    <message>
        <source>Make a place for keys</source>
        <translation>创建密钥存放处</translation>
    </message>
    <message>
        <source>Unlock the keys</source>
        <translation>解锁密钥</translation>
    </message>
    <message>
        <source>Keys and identities are kept in this computer&apos;s workspace, sealed under a passphrase. Nobody can open them without it.</source>
        <translation>密钥和身份保存在这台计算机的工作区中，由口令封存。没有口令，任何人都无法打开。</translation>
    </message>
    <message>
        <source>The keys of this workspace lock themselves after ten minutes without use.</source>
        <translation>此工作区的密钥在十分钟未使用后自动锁定。</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>口令</translation>
    </message>
    <message>
        <source>The same once more</source>
        <translation>再输入一次</translation>
    </message>
    <message>
        <source>Remember on this computer, in the desktop&apos;s keychain</source>
        <translation>在这台计算机的桌面钥匙串中记住</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Make</source>
        <translation>创建</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>解锁</translation>
    </message>
</context>
<context>
    <name>chancery::ui::VerificationSketch</name>
    <message>
        <source>Each block points back to the one before it, is signed by the orderers, and holds endorsed transactions</source>
        <translation>每个区块指向前一区块，由排序节点签名，并包含已背书的交易</translation>
    </message>
    <message>
        <source>n − 1</source>
        <comment>block before the block n</comment>
        <translation>n − 1</translation>
    </message>
    <message>
        <source>n + 1</source>
        <comment>block after the block n</comment>
        <translation>n + 1</translation>
    </message>
    <message>
        <source>Block n</source>
        <translation>区块 n</translation>
    </message>
    <message>
        <source>Previous hash</source>
        <translation>前一哈希</translation>
    </message>
    <message>
        <source>Data hash</source>
        <translation>数据哈希</translation>
    </message>
    <message>
        <source>Orderer signatures</source>
        <translation>排序节点签名</translation>
    </message>
    <message>
        <source>Transactions</source>
        <translation>交易</translation>
    </message>
    <message>
        <source>Endorsements</source>
        <translation>背书</translation>
    </message>
    <message>
        <source>Versions that were read</source>
        <translation>读取的版本</translation>
    </message>
    <message>
        <source>Validation codes</source>
        <translation>验证代码</translation>
    </message>
</context>
<context>
    <name>chancery::ui::WelcomePage</name>
    <message>
        <source>Verify a ledger on this computer</source>
        <translation>在本机验证账本</translation>
    </message>
    <message>
        <source>Checks hashes, orderer signatures and endorsements offline, and shows every block, transaction and key. You need no identity and no running network.</source>
        <translation>离线检查哈希、排序节点签名与背书，并显示每个区块、交易和键。不需要身份，也不需要运行中的网络。</translation>
    </message>
    <message>
        <source>Drop block files, a peer&apos;s ledger folder or a snapshot</source>
        <translation>拖入区块文件、节点账本文件夹或快照</translation>
    </message>
    <message>
        <source>.block files, blockfile_000000, a folder of them, or a snapshot folder</source>
        <translation>.block 文件、blockfile_000000、其所在文件夹，或快照文件夹</translation>
    </message>
    <message>
        <source>Choose file…</source>
        <translation>选择文件…</translation>
    </message>
    <message>
        <source>What is checked</source>
        <translation>检查内容</translation>
    </message>
    <message>
        <source>What you get</source>
        <translation>您将得到</translation>
    </message>
    <message>
        <source>A verdict for each block</source>
        <translation>每个区块的结论</translation>
    </message>
    <message>
        <source>The first block that does not fit is named, with both hashes.</source>
        <translation>指出第一个不一致的区块，并列出两个哈希。</translation>
    </message>
    <message>
        <source>Answers about transactions</source>
        <translation>关于交易的答案</translation>
    </message>
    <message>
        <source>Why one is invalid, who endorsed it, and what its policy asked for.</source>
        <translation>为何无效、由谁背书、策略要求什么。</translation>
    </message>
    <message>
        <source>The state at any height</source>
        <translation>任意高度的状态</translation>
    </message>
    <message>
        <source>The history of a key, and its value after a block of your choice.</source>
        <translation>键的历史，以及在所选区块之后的值。</translation>
    </message>
    <message>
        <source>Evidence for others</source>
        <translation>可交付的证据</translation>
    </message>
    <message>
        <source>A report with raw blocks and certificates that can be checked by hand.</source>
        <translation>附原始区块与证书的报告，可手工核查。</translation>
    </message>
    <message>
        <source>Works offline</source>
        <translation>离线运行</translation>
    </message>
    <message>
        <source>Files are only read</source>
        <translation>只读取文件</translation>
    </message>
    <message>
        <source>%1 for the index</source>
        <translation>%1 可用于索引</translation>
    </message>
    <message>
        <source>Index folder cannot be written</source>
        <translation>索引文件夹不可写</translation>
    </message>
    <message>
        <source>Choose folder…</source>
        <translation>选择文件夹…</translation>
    </message>
    <message>
        <source>Verify a ledger file…</source>
        <translation>验证账本文件…</translation>
    </message>
    <message>
        <source>Recent</source>
        <translation>最近打开</translation>
    </message>
    <message>
        <source>Ledgers that you open are listed here, with the verdict and the date. Nothing of them is copied except the index.</source>
        <translation>您打开的账本会列在此处，附结论与日期。除索引外不复制任何内容。</translation>
    </message>
    <message>
        <source>Recent ledgers</source>
        <translation>最近打开的账本</translation>
    </message>
    <message>
        <source>Keys and help</source>
        <translation>按键与帮助</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Locate…</source>
        <translation>定位…</translation>
    </message>
    <message>
        <source>Copy path</source>
        <translation>复制路径</translation>
    </message>
    <message>
        <source>Remove from list</source>
        <translation>从列表中移除</translation>
    </message>
    <message>
        <source>Networks on this computer</source>
        <translation>本机上的网络</translation>
    </message>
    <message>
        <source>Networks that you make or open are listed here and can be started again.</source>
        <translation>您创建或打开的网络会列在这里，可以再次启动。</translation>
    </message>
    <message>
        <source>Open a network&apos;s folder…</source>
        <translation>打开网络的文件夹…</translation>
    </message>
    <message>
        <source>Verify a ledger file</source>
        <translation>验证账本文件</translation>
    </message>
    <message>
        <source>Checks hashes, orderer signatures and endorsements offline. You need no identity and no running network.</source>
        <translation>离线检查哈希、排序节点签名和背书，无需身份，也无需运行中的网络。</translation>
    </message>
    <message>
        <source>Drop block files or a snapshot</source>
        <translation>拖入区块文件或快照</translation>
    </message>
    <message>
        <source>.block, blockfile_000000, a folder</source>
        <translation>.block、blockfile_000000 或文件夹</translation>
    </message>
</context>
<context>
    <name>chancery::ui::WorkspaceLock</name>
    <message>
        <source>process %1 on %2</source>
        <translation>%2 上的进程 %1</translation>
    </message>
</context>
</TS>
