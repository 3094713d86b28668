// Made by `make passages` from Sources/Answers/Passages: change the texts there.
// swift-format-ignore-file

/// The texts of answers, cut into tokens with `¦` between them.
enum Passages {
  static let sky = #"""
    Sun¦light¦ looks¦ white¦,¦ but¦ it¦ is¦ a¦ mixture¦ of¦ all¦ colours¦,¦ and¦ each¦ colour¦ is¦ light¦ of¦ its¦ own¦ wavelength¦.¦ On¦ its¦ way¦ through¦ the¦ atmosphere¦ it¦ meets¦ molecules¦ of¦ nitrogen¦ and¦ oxygen¦,¦ which¦ are¦ far¦ smaller¦ than¦ a¦ wavelength¦.¦ Part¦icles¦ that¦ small¦ scatter¦ short¦ waves¦ much¦ more¦ strongly¦ than¦ long¦ ones¦,¦ which¦ is¦ called¦ Ray¦leigh¦ scattering¦.¦ So¦ the¦ blue¦ part¦ of¦ it¦ is¦ sent¦ out¦ in¦ all¦ directions¦,¦ and¦ reaches¦ your¦ eyes¦ from¦ every¦ part¦ of¦ the¦ sky¦,¦ while¦ most¦ of¦ the¦ red¦ goes¦ straight¦ on¦.

    ¦V¦iolet¦ waves¦ are¦ even¦ shorter¦,¦ and¦ are¦ scattered¦ even¦ more¦.¦ Yet¦ the¦ sky¦ does¦ not¦ look¦ violet¦,¦ because¦ sunlight¦ has¦ less¦ violet¦ than¦ blue¦ in¦ it¦,¦ the¦ upper¦ atmosphere¦ absorbs¦ some¦ of¦ that¦,¦ and¦ our¦ eyes¦ are¦ not¦ as¦ sensitive¦ to¦ violet¦ light¦.¦ What¦ they¦ make¦ of¦ this¦ mixture¦ is¦ a¦ pale¦ blue¦.

    ¦At¦ sunrise¦ and¦ at¦ sunset¦ the¦ light¦ takes¦ a¦ much¦ longer¦ path¦ through¦ the¦ air¦.¦ Most¦ of¦ the¦ blue¦ is¦ scattered¦ out¦ of¦ it¦ before¦ it¦ reaches¦ you¦,¦ and¦ what¦ remains¦ is¦ mostly¦ orange¦ and¦ red¦.
    """#

  static let others = [
    #"""
    In¦ a¦ page¦,¦ an¦ event¦ stream¦ takes¦ very¦ little¦ code¦:

    ¦```¦js¦
    ¦const¦ source¦ =¦ new¦ Event¦Source¦("/¦chat¦-stream¦?¦prompt¦="¦ +¦ encodeURIComponent¦(prompt¦));
    ¦source¦.on¦message¦ =¦ (¦event¦)¦ =>¦ {
    ¦ ¦ answer¦.append¦(JSON¦.parse¦(event¦.data¦).¦token¦);
    ¦};
    ¦source¦.addEventListener¦("¦done¦",¦ ()¦ =>¦ source¦.close¦());
    ¦```
    """#,
    #"""
    A¦ streamed¦ fetch¦ reads¦ lines¦ from¦ the¦ body¦,¦ and¦ the¦ last¦ of¦ them¦ may¦ be¦ incomplete¦:

    ¦```¦js¦
    ¦const¦ response¦ =¦ await¦ fetch¦(url¦,¦ {¦ method¦:¦ "¦POST¦",¦ body¦:¦ question¦ });
    ¦const¦ reader¦ =¦ response¦.body¦.pipe¦Through¦(new¦ Text¦Decoder¦Stream¦()).¦get¦Reader¦();
    ¦let¦ rest¦ =¦ "";
    ¦for¦ (;;)¦ {
    ¦ ¦ const¦ {¦ value¦,¦ done¦ }¦ =¦ await¦ reader¦.read¦();
    ¦ ¦ if¦ (¦done¦)¦ break¦;
    ¦ ¦ const¦ lines¦ =¦ (¦rest¦ +¦ value¦).¦split¦("\¦n¦");
    ¦ ¦ rest¦ =¦ lines¦.pop¦();
    ¦ ¦ lines¦.filter¦(Boolean¦).¦forEach¦(show¦);
    ¦}
    ¦```
    """#,
    #"""
    To¦ watch¦ an¦ event¦ stream¦ in¦ a¦ terminal¦,¦ tell¦ curl¦ not¦ to¦ buffer¦:

    ¦```¦sh¦
    ¦curl¦ -¦N¦ -¦H¦ "¦Accept¦:¦ text¦/event¦-stream¦"¦ \
    ¦ ¦ "¦http¦://¦127¦.¦0¦.¦0¦.¦1¦:¦808¦0¦/chat¦-stream¦?¦prompt¦=¦hello¦&¦tokens¦=¦20¦"
    ¦``¦`

    ¦On¦ Windows¦,¦ `¦curl¦.exe¦ -¦N¦ -¦o¦ C¦:\¦temp¦\¦answer¦.txt¦`¦ keeps¦ the¦ answer¦ in¦ a¦ file¦.
    """#,
    #"""
    On¦ Apple¦'s¦ platforms¦,¦ Swift¦ reads¦ a¦ stream¦ of¦ lines¦ as¦ an¦ asynchronous¦ sequence¦:

    ¦```¦swift¦
    ¦let¦ (¦bytes¦,¦ response¦)¦ =¦ try¦ await¦ URLSession¦.shared¦.bytes¦(for¦:¦ request¦)
    ¦guard¦ (¦response¦ as¦?¦ HTTP¦URL¦Response¦)?.¦statusCode¦ ==¦ ¦200¦ else¦ {¦ throw¦ UR¦LError¦(.¦bad¦Server¦Response¦)¦ }
    ¦for¦ try¦ await¦ line¦ in¦ bytes¦.lines¦ where¦ line¦.has¦Prefix¦("¦data¦:¦ ")¦ {
    ¦ ¦ show¦(line¦.drop¦First¦(¦6¦))
    ¦}
    ¦```
    """#,
    #"""
    In¦ Python¦,¦ a¦ few¦ lines¦ are¦ enough¦ to¦ read¦ the¦ tokens¦ as¦ they¦ come¦:

    ¦```¦python¦
    ¦import¦ json¦
    ¦import¦ requests¦

    ¦question¦ =¦ {"¦prompt¦":¦ "¦hello¦",¦ "¦tokens¦":¦ ¦20¦}
    ¦headers¦ =¦ {"¦Accept¦":¦ "¦application¦/x¦-¦nd¦json¦"}
    ¦with¦ requests¦.post¦(url¦,¦ json¦=¦question¦,¦ headers¦=headers¦,¦ stream¦=True¦)¦ as¦ response¦:
    ¦   ¦ for¦ line¦ in¦ filter¦(None¦,¦ response¦.iter¦_lines¦()):
    ¦       ¦ print¦(json¦.loads¦(line¦).¦get¦("¦token¦",¦ ""),¦ end¦="",¦ flush¦=True¦)
    ¦```
    """#,
    #"""
    A¦ browser¦ that¦ resumes¦ an¦ event¦ stream¦ sends¦ the¦ ID¦ of¦ the¦ last¦ event¦ it¦ saw¦:

    ¦```¦http¦
    ¦GET¦ /¦streams¦/¦7¦f¦3¦a¦/events¦ HTTP¦/¦1¦.¦1¦\#r
    ¦Host¦:¦ localhost¦:¦808¦0¦\#r
    ¦Accept¦:¦ text¦/event¦-stream¦\#r
    ¦Last¦-¦Event¦-ID¦:¦ ¦41¦\#r
    \#r
    ¦HTTP¦/¦1¦.¦1¦ ¦200¦ OK¦\#r
    ¦Content¦-Type¦:¦ text¦/event¦-stream¦\#r
    ¦Cache¦-Control¦:¦ no¦-store¦\#r
    \#r
    ¦id¦:¦ ¦42¦
    ¦data¦:¦ {"¦index¦":¦42¦,"¦token¦":"¦ sky¦"}

    ¦```
    """#,
    #"""
    The¦ body¦ of¦ an¦ event¦ stream¦ is¦ plain¦ text¦,¦ and¦ a¦ blank¦ line¦ ends¦ each¦ event¦:

    ¦``¦`
    ¦retry¦:¦ ¦100¦0¦

    ¦id¦:¦ ¦6¦
    ¦data¦:¦ {"¦index¦":¦6¦,"¦token¦":"¦ is¦"}

    ¦:¦ still¦ here¦

    ¦id¦:¦ ¦7¦
    ¦data¦:¦ {"¦index¦":¦7¦,"¦token¦":"¦ \"¦blue¦\""¦}

    ¦event¦:¦ done¦
    ¦data¦:¦ {"¦reason¦":"¦complete¦"}
    ¦``¦`

    ¦The¦ line¦ that¦ begins¦ with¦ a¦ colon¦ is¦ a¦ comment¦,¦ which¦ only¦ keeps¦ the¦ connection¦ from¦ looking¦ dead¦.
    """#,
    #"""
    A¦ question¦ is¦ a¦ small¦ JSON¦ object¦.¦ Inside¦ its¦ strings¦,¦ quotation¦ marks¦ and¦ back¦slashes¦ are¦ written¦ with¦ another¦ back¦slash¦:

    ¦```¦json¦
    ¦{
    ¦ ¦ "¦prompt¦":¦ "¦What¦ does¦ \"¦C¦:\\¦temp¦\"¦ mean¦?\¦n¦",
    ¦ ¦ "¦seed¦":¦ ¦7¦,
    ¦ ¦ "¦tokens¦":¦ ¦200¦,
    ¦ ¦ "¦rate¦":¦ ¦30¦
    ¦}
    ¦```
    """#,
    #"""
    In¦ Go¦,¦ a¦ handler¦ has¦ to¦ flush¦,¦ or¦ the¦ events¦ stay¦ in¦ a¦ buffer¦:

    ¦```¦go¦
    ¦func¦ events¦(w¦ http¦.ResponseWriter¦,¦ r¦ *¦http¦.Request¦)¦ {
    ¦	w¦.Header¦().¦Set¦("¦Content¦-Type¦",¦ "¦text¦/event¦-stream¦")
    ¦	for¦ token¦ :=¦ range¦ tokens¦ {
    ¦	¦	fmt¦.Fprintf¦(w¦,¦ "¦data¦:¦ %¦s¦\n¦\n¦",¦ token¦)
    ¦	¦	w¦.(¦http¦.Flush¦er¦).¦Flush¦()
    ¦	¦}
    ¦}
    ¦```
    """#,
    #"""
    Behind¦ nginx¦,¦ a¦ stream¦ needs¦ three¦ lines¦ of¦ its¦ own¦:

    ¦```¦nginx¦
    ¦location¦ /¦streams¦/¦ {
    ¦	¦proxy¦_pass¦ http¦://¦127¦.¦0¦.¦0¦.¦1¦:¦808¦0¦;
    ¦	¦proxy¦_http¦_version¦ ¦1¦.¦1¦;
    ¦	¦proxy¦_buffer¦ing¦ off¦;
    ¦}
    ¦```
    """#,
    #"""
    A¦ WebSocket¦ can¦ ask¦,¦ read¦ and¦ stop¦ over¦ one¦ connection¦:

    ¦```¦js¦
    ¦const¦ socket¦ =¦ new¦ WebSocket¦(location¦.origin¦.replace¦("¦http¦",¦ "¦ws¦")¦ +¦ "/¦chat¦-¦socket¦");
    ¦socket¦.on¦open¦ =¦ ()¦ =>¦ socket¦.send¦(JSON¦.stringify¦({¦ prompt¦ }));
    ¦socket¦.on¦message¦ =¦ ({¦ data¦ })¦ =>¦ show¦(JSON¦.parse¦(data¦));
    ¦stop¦.onclick¦ =¦ ()¦ =>¦ socket¦.send¦('¦{"¦stop¦":¦true¦}');
    ¦```
    """#,
    #"""
    In¦ an¦ HTML¦ attribute¦,¦ the¦ amp¦ers¦and¦ between¦ two¦ parameters¦ is¦ written¦ as¦ `¦&¦amp¦;¦`¦:

    ¦```¦html¦
    ¦<a¦ href¦="/¦chat¦-stream¦?¦prompt¦=¦hello¦&amp¦;¦tokens¦=¦20¦">¦Read¦ <¦b¦>¦one¦</¦b¦>¦ answer¦</¦a¦>
    ¦```
    """#,
    #"""
    The¦ picture¦ 👩¦🏽¦‍¦💻¦ is¦ made¦ of¦ four¦ scal¦ars¦:¦ a¦ woman¦,¦ a¦ skin¦ tone¦,¦ an¦ invisible¦ join¦er¦ and¦ a¦ laptop¦.¦ A¦ stream¦ may¦ well¦ deliver¦ them¦ in¦ several¦ tokens¦,¦ so¦ for¦ a¦ moment¦ the¦ page¦ shows¦ only¦ 👩¦🏽¦,¦ and¦ then¦ she¦ gets¦ her¦ computer¦.¦ Nothing¦ is¦ wrong¦ with¦ that¦.¦ It¦ would¦ be¦ wrong¦ to¦ throw¦ away¦ a¦ token¦ because¦ it¦ begins¦ with¦ a¦ join¦er¦.
    """#,
    #"""
    A¦ flag¦ is¦ a¦ pair¦ of¦ letters¦:¦ 🇳¦🇿¦ is¦ an¦ N¦ and¦ a¦ Z¦,¦ and¦ 🇨¦🇭¦ is¦ a¦ C¦ and¦ an¦ H¦,¦ from¦ a¦ special¦ alphabet¦.¦ Cut¦ in¦ two¦,¦ it¦ first¦ appears¦ as¦ a¦ lone¦ letter¦.¦ Where¦ flags¦ stand¦ side¦ by¦ side¦,¦ as¦ in¦ 🇯¦🇵¦🇰¦🇪¦🇧¦🇷¦,¦ one¦ has¦ to¦ count¦ from¦ the¦ beginning¦ to¦ know¦ which¦ letters¦ belong¦ together¦.
    """#,
    #"""
    How¦ long¦ is¦ 👨¦‍¦👩¦‍¦👧¦‍¦👦¦?¦ JavaScript¦ says¦ ¦11¦,¦ because¦ it¦ counts¦ units¦ of¦ UTF¦-¦16¦.¦ Python¦ says¦ ¦7¦,¦ because¦ it¦ counts¦ scal¦ars¦,¦ and¦ Swift¦ says¦ ¦1¦,¦ because¦ that¦ is¦ what¦ a¦ reader¦ sees¦.¦ On¦ the¦ wire¦ it¦ takes¦ ¦25¦ bytes¦.¦ None¦ of¦ them¦ is¦ mistaken¦,¦ but¦ a¦ position¦ in¦ a¦ text¦ means¦ nothing¦ until¦ one¦ has¦ said¦ what¦ is¦ counted¦.
    """#,
    #"""
    A¦ status¦ page¦ in¦ four¦ lines¦:

    ¦-¦ ✅¦ The¦ server¦ is¦ up¦ 🚀¦
    ¦-¦ ⏳¦ Forty¦ readers¦ wait¦ for¦ their¦ next¦ token¦
    ¦-¦ ⚠¦️¦ One¦ proxy¦ buffers¦ what¦ it¦ should¦ pass¦ on¦ 🤦¦🏿¦‍¦♀¦️¦
    ¦-¦ ❌¦ Nobody¦ has¦ sent¦ a¦ heartbeat¦ since¦ noon¦ 💔
    """#,
    #"""
    A¦ naï¦ve¦ counter¦ believes¦ that¦ "¦ca¦fe¦́¦"¦ is¦ one¦ letter¦ longer¦ than¦ "¦ca¦fé¦",¦ and¦ that¦ 👍¦🏿¦ is¦ two¦ reactions¦.¦ In¦ the¦ first¦ case¦ the¦ accent¦ is¦ a¦ scalar¦ of¦ its¦ own¦,¦ and¦ in¦ the¦ second¦ the¦ skin¦ tone¦ is¦.¦ Both¦ are¦ right¦ as¦ soon¦ as¦ the¦ whole¦ text¦ is¦ drawn¦ 🙂¦,¦ so¦ a¦ page¦ should¦ draw¦ the¦ whole¦ text¦.
    """#,
    #"""
    你¦好¦！¦短¦轮¦询¦就¦是¦定¦时¦去¦问¦：¦不¦管¦有¦没有¦新¦内容¦，¦每¦隔¦一¦段¦时间¦都¦发¦一¦次¦请求¦。¦间¦隔¦越¦短¦，¦延¦迟¦越¦小¦，¦白¦跑¦的¦请求¦也¦越¦多¦。¦平¦均¦下¦来¦，¦每¦个¦词¦都¦要¦多¦等¦半¦个¦间¦隔¦。
    """#,
    #"""
    服务器¦推¦送¦事件¦（¦S¦SE¦）¦其¦实¦只¦是¦一个¦迟¦迟¦不¦结束¦的¦ HTTP¦ 响¦应¦。¦每¦个¦事件¦是¦几¦行¦文¦本¦，¦以¦一个¦空¦行¦收¦尾¦。¦连接¦断¦开¦后¦，¦浏¦览¦器¦会¦自¦动¦重¦连¦，并¦用¦ `¦Last¦-¦Event¦-ID¦`¦ 告¦诉¦服务器¦上¦次¦读¦到¦哪¦里¦，¦服务器¦就¦从¦那¦里¦接¦着¦发¦。
    """#,
    #"""
    比¦较¦几¦种¦推¦送¦方式¦时¦，¦应¦该¦看¦延¦迟¦，¦而¦不¦是¦看¦间¦隔¦。¦轮¦询¦一¦次¦带¦回¦好¦几¦个¦词¦，¦这¦些¦词¦之¦间¦的¦间¦隔¦几¦乎¦为¦零¦，¦看¦上¦去¦很¦快¦，¦其¦实¦每¦个¦词¦都¦来¦晚¦了¦。¦延¦迟¦是¦实¦际¦到¦达¦的¦时¦刻¦减¦去¦预¦定¦的¦时¦刻¦，¦迟¦到¦的¦服务器¦瞒¦不¦过¦去¦。
    """#,
    #"""
    一¦個¦漢¦字¦在¦ UTF¦-¦8¦ 裡¦通¦常¦佔¦三¦個¦位¦元¦組¦，¦而¦網¦路¦可以¦在¦任¦何¦一¦個¦位¦元¦組¦之¦後¦把¦它¦切¦開¦。¦所¦以¦解¦碼¦時¦要¦把¦不¦完¦整¦的¦位¦元¦組¦留¦下¦來¦，¦等¦後¦面¦的¦到¦了¦再¦一¦起¦處¦理¦，¦否¦則¦畫¦面¦上¦只¦會¦出¦現¦問¦號¦。
    """#,
    #"""
    م¦ر¦ح¦ب¦ا¦!¦ ال¦ا¦ست¦ط¦لا¦ع¦ ال¦ق¦ص¦ير¦ ي¦س¦أ¦ل¦ ال¦خ¦اد¦م¦ ع¦لى¦ ف¦ت¦ر¦ات¦ ث¦اب¦ت¦ة¦:¦ «¦ه¦ل¦ من¦ ج¦دي¦د¦؟¦»¦ و¦ك¦ل¦م¦ا¦ ق¦ص¦ر¦ت¦ ال¦ف¦ت¦ر¦ة¦ ق¦ل¦ّ¦ الت¦أ¦خ¦ير¦ و¦ز¦اد¦ ع¦د¦د¦ ال¦ط¦ل¦ب¦ات¦ الت¦ي¦ ت¦ع¦ود¦ ف¦ار¦غ¦ة¦.
    """#,
    #"""
    ف¦ي¦ ال¦ا¦ست¦ط¦لا¦ع¦ ال¦ط¦و¦يل¦ ل¦ا¦ ي¦ج¦ي¦ب¦ ال¦خ¦اد¦م¦ ح¦ت¦ى¦ ي¦ص¦ير¦ ل¦دي¦ه¦ م¦ا¦ ي¦ق¦ول¦ه¦،¦ ث¦م¦ ي¦س¦أ¦ل¦ ال¦ق¦ار¦ئ¦ من¦ ج¦دي¦د¦ ف¦ور¦ً¦ا¦.¦ ه¦ذ¦ا¦ س¦ر¦ي¦ع¦ إ¦ذ¦ا¦ ك¦ان¦ت¦ الم¦س¦اف¦ة¦ ق¦ص¦ير¦ة¦،¦ أ¦م¦ا¦ إ¦ذ¦ا¦ ط¦ال¦ت¦ ف¦إ¦ن¦ ك¦ل¦ ك¦ل¦م¦ة¦ ت¦ن¦ت¦ظ¦ر¦ و¦ص¦ول¦ ال¦س¦ؤ¦ال¦ الت¦ال¦ي¦.
    """#,
    #"""
    ح¦ي¦ن¦ ي¦ن¦ق¦ط¦ع¦ م¦ج¦ر¦ى¦ ال¦أ¦ح¦د¦اث¦ (¦S¦SE¦)¦ ي¦ع¦ي¦د¦ الم¦ت¦ص¦ف¦ح¦ ف¦ت¦ح¦ه¦ من¦ ت¦ل¦ق¦اء¦ ن¦ف¦س¦ه¦،¦ و¦ير¦س¦ل¦ في¦ ال¦ح¦ق¦ل¦ `¦Last¦-¦Event¦-ID¦`¦ م¦ع¦ر¦ّ¦ف¦ آ¦خ¦ر¦ ح¦د¦ث¦ و¦ص¦ل¦ه¦،¦ في¦ت¦اب¦ع¦ ال¦خ¦اد¦م¦ من¦ ح¦ي¦ث¦ ت¦و¦ق¦ف¦.¦ أ¦م¦ا¦ WebSocket¦ ف¦لا¦ ي¦ع¦ود¦ و¦ح¦ده¦،¦ و¦ع¦لى¦ من¦ ي¦ك¦ت¦ب¦ ال¦ص¦ف¦ح¦ة¦ أ¦ن¦ ي¦ت¦ول¦ى¦ ذ¦ل¦ك¦.
    """#,
    #"""
    ロ¦ング¦ポ¦ーリ¦ング¦では¦、¦サ¦ーバ¦ー¦は¦送¦る¦デ¦ータ¦が¦で¦き¦る¦ま¦で¦返¦事¦を¦待¦た¦せ¦ます¦。¦返¦事¦が¦届¦く¦と¦、¦読¦み¦手¦は¦す¦ぐ¦に¦次¦の¦問¦い¦合¦わ¦せ¦を¦送¦り¦ます¦。¦近¦い¦サ¦ーバ¦ー¦な¦ら¦速¦い¦の¦です¦が¦、¦遠¦い¦サ¦ーバ¦ー¦では¦往¦復¦する¦た¦び¦に¦待¦つ¦こ¦と¦に¦な¦り¦ます¦。
    """#,
    #"""
    Ό¦τ¦α¦ν¦ χ¦α¦θ¦ε¦ί¦ μ¦ι¦α¦ ρ¦ο¦ή¦ σ¦υ¦μ¦β¦ά¦ν¦τ¦ω¦ν¦,¦ ο¦ φ¦υ¦λ¦λ¦ο¦μ¦ε¦τ¦ρ¦η¦τ¦ή¦ς¦ ξ¦α¦ν¦α¦σ¦υ¦ν¦δ¦έ¦ε¦τ¦αι¦ μ¦ό¦ν¦ο¦ς¦ τ¦ου¦.¦ Σ¦τ¦έ¦λ¦ν¦ε¦ι¦ τ¦ο¦ α¦ν¦α¦γ¦ν¦ω¦ρ¦ι¦σ¦τ¦ι¦κ¦ό¦ τ¦ου¦ τ¦ε¦λ¦ε¦υ¦τ¦α¦ί¦ου¦ σ¦υ¦μ¦β¦ά¦ν¦τ¦ο¦ς¦ π¦ου¦ ε¦ί¦δ¦ε¦,¦ κ¦αι¦ ο¦ δ¦ι¦α¦κ¦ο¦μ¦ι¦σ¦τ¦ή¦ς¦ σ¦υ¦ν¦ε¦χ¦ί¦ζ¦ε¦ι¦ α¦π¦ό¦ ε¦κ¦ε¦ί¦.¦ Έ¦ν¦α¦ WebSocket¦ δ¦ε¦ν¦ τ¦ο¦ κ¦ά¦ν¦ε¦ι¦ α¦υ¦τ¦ό¦:¦ τ¦ο¦ν¦ κ¦ώ¦δ¦ι¦κ¦α¦ τ¦ο¦ν¦ γ¦ρ¦ά¦φ¦ε¦ι¦ ό¦π¦ο¦ι¦ο¦ς¦ φ¦τ¦ι¦ά¦χ¦ν¦ε¦ι¦ τ¦η¦ σ¦ε¦λ¦ί¦δ¦α¦.
    """#,
    #"""
    Ein¦ Ere¦ign¦is¦strom¦ ist¦ eine¦ HTTP¦-A¦nt¦wort¦,¦ die¦ nicht¦ end¦et¦.¦ B¦richt¦ die¦ Ver¦bindung¦ ab¦,¦ so¦ b¦aut¦ der¦ Browser¦ sie¦ von¦ selbst¦ wieder¦ auf¦ und¦ nen¦nt¦ dabei¦ die¦ letz¦te¦ Kenn¦ung¦,¦ die¦ er¦ g¦esehen¦ hat¦.¦ Ob¦ in¦ Z¦ür¦ich¦ oder¦ in¦ Kö¦ln¦:¦ Sol¦ange¦ der¦ Server¦ die¦ Antwort¦ noch¦ ken¦nt¦,¦ geht¦ kein¦ Wort¦ ver¦lo¦ren¦.
    """#,
    #"""
    Le¦ même¦ mot¦ peut¦ s¦’é¦crire¦ de¦ deux¦ faç¦ons¦ ¦:¦ «¦ ¦été¦ ¦»¦ avec¦ des¦ let¦tres¦ accent¦u¦ées¦ toutes¦ fait¦es¦,¦ ou¦ «¦ ¦e¦́¦te¦́¦ ¦»¦ avec¦ des¦ let¦tres¦ simples¦ que¦ suiv¦ent¦ des¦ accents¦ combin¦ants¦.¦ À¦ l¦’é¦cran¦,¦ rien¦ ne¦ les¦ dist¦ing¦ue¦ ¦;¦ oct¦et¦ par¦ oct¦et¦,¦ elles¦ diff¦è¦rent¦.¦ Il¦ faut¦ donc¦ normal¦iser¦ avant¦ de¦ comparer¦.
    """#,
    #"""
    Una¦ respuesta¦ que¦ lleg¦a¦ palabra¦ por¦ palabra¦ emp¦ie¦za¦ a¦ leer¦se¦ mucho¦ antes¦ de¦ estar¦ termin¦ada¦.¦ Por¦ eso¦ import¦a¦ más¦ la¦ espera¦ hasta¦ la¦ primera¦ palabra¦ que¦ la¦ dur¦ación¦ total¦.¦ ¿¦Y¦ si¦ se¦ cort¦a¦ la¦ conexión¦?¦ Ent¦onces¦ import¦a¦ que¦ el¦ le¦ctor¦ se¦pa¦ por¦ dó¦nde¦ ib¦a¦.
    """#,
    #"""
    There¦ are¦ five¦ ways¦ to¦ get¦ new¦ text¦ to¦ a¦ page¦:

    ¦-¦ **¦Short¦ polling¦**¦ asks¦ every¦ so¦ often¦ whether¦ there¦ is¦ anything¦ new¦.
    ¦-¦ **¦Long¦ polling¦**¦ asks¦ once¦,¦ and¦ the¦ server¦ answers¦ when¦ there¦ is¦.
    ¦-¦ **¦Server¦-S¦ent¦ Events¦**¦ keep¦ one¦ response¦ open¦ and¦ write¦ events¦ into¦ it¦.
    ¦-¦ **¦Stream¦ed¦ fetch¦**¦ reads¦ the¦ body¦ of¦ an¦ ordinary¦ response¦ while¦ it¦ arrives¦.
    ¦-¦ **¦WebSocket¦**¦ turns¦ the¦ connection¦ into¦ a¦ channel¦ for¦ both¦ directions¦.
    """#,
    #"""
    If¦ a¦ stream¦ arrives¦ all¦ at¦ once¦,¦ look¦ in¦ this¦ order¦:

    ¦1¦.¦ Does¦ `¦curl¦ -¦N¦`¦ show¦ the¦ text¦ bit¦ by¦ bit¦ when¦ it¦ talks¦ to¦ the¦ server¦ directly¦?
    ¦2¦.¦ Does¦ it¦ still¦ do¦ so¦ through¦ the¦ proxy¦?
    ¦3¦.¦ Is¦ anything¦ on¦ the¦ way¦ compress¦ing¦ the¦ response¦?
    ¦4¦.¦ Does¦ the¦ server¦ flush¦ after¦ each¦ event¦,¦ or¦ does¦ its¦ framework¦ collect¦ them¦?
    ¦5¦.¦ Does¦ the¦ page¦ append¦ what¦ it¦ gets¦,¦ or¦ does¦ it¦ wait¦ for¦ the¦ whole¦ body¦?
    """#,
    #"""
    A¦ reader¦ that¦ loses¦ nothing¦ does¦ five¦ things¦:

    ¦1¦.¦ It¦ remembers¦ the¦ index¦ of¦ the¦ next¦ token¦,¦ and¦ the¦ epoch¦ of¦ the¦ text¦.
    ¦2¦.¦ It¦ notices¦ that¦ the¦ connection¦ has¦ ended¦,¦ or¦ has¦ been¦ silent¦ for¦ too¦ long¦.
    ¦3¦.¦ It¦ waits¦ for¦ a¦ random¦ time¦,¦ longer¦ after¦ every¦ failure¦.
    ¦4¦.¦ It¦ asks¦ for¦ the¦ rest¦,¦ from¦ that¦ index¦ on¦.
    ¦5¦.¦ It¦ asks¦ the¦ whole¦ question¦ again¦ if¦ the¦ server¦ no¦ longer¦ knows¦ the¦ stream¦.
    """#,
    #"""
    An¦ event¦ stream¦ can¦ end¦ in¦ more¦ than¦ one¦ way¦:

    ¦-¦ with¦ an¦ event¦ that¦ says¦ that¦ the¦ answer¦ is¦ complete¦;
    ¦-¦ with¦ an¦ event¦ that¦ says¦ that¦ somebody¦ stopped¦ it¦;
    ¦-¦ with¦ an¦ error¦ that¦ the¦ page¦ can¦ read¦,¦ after¦ which¦ it¦ should¦ close¦ the¦ stream¦;
    ¦-¦ without¦ a¦ word¦,¦ so¦ that¦ the¦ browser¦ comes¦ back¦ by¦ itself¦;
    ¦-¦ with¦ silence¦,¦ so¦ that¦ nobody¦ notices¦ anything¦.
    """#,
    #"""
    A¦ WebSocket¦ is¦ opened¦ in¦ four¦ steps¦:

    ¦1¦.¦ The¦ browser¦ connects¦ and¦ sends¦ a¦ `¦GET¦`¦ request¦ with¦ `¦Upgrade¦:¦ websocket¦`¦ and¦ a¦ random¦ key¦.
    ¦2¦.¦ The¦ server¦ checks¦ who¦ is¦ asking¦,¦ above¦ all¦ the¦ `¦Origin¦`.
    ¦3¦.¦ It¦ answers¦ with¦ ¦101¦ and¦ a¦ value¦ computed¦ from¦ that¦ key¦,¦ which¦ proves¦ that¦ it¦ understood¦.
    ¦4¦.¦ Both¦ sides¦ now¦ send¦ frames¦,¦ and¦ those¦ of¦ the¦ browser¦ are¦ masked¦.
    """#,
    #"""
    A¦ measured¦ number¦ is¦ only¦ as¦ good¦ as¦ what¦ stands¦ beside¦ it¦:

    ¦-¦ what¦ was¦ held¦ constant¦,¦ and¦ what¦ was¦ drawn¦ at¦ random¦;
    ¦-¦ how¦ often¦ it¦ was¦ repeated¦,¦ and¦ how¦ far¦ the¦ results¦ lay¦ apart¦;
    ¦-¦ the¦ machine¦,¦ the¦ build¦ and¦ the¦ date¦;
    ¦-¦ what¦ the¦ measuring¦ itself¦ may¦ have¦ changed¦;
    ¦-¦ what¦ it¦ does¦ *¦not¦*¦ show¦.
    """#,
    #"""
    A¦ token¦ passes¦ through¦ these¦ hands¦ on¦ its¦ way¦ to¦ the¦ screen¦:

    ¦1¦.¦ the¦ schedule¦,¦ which¦ says¦ when¦ it¦ is¦ due¦;
    ¦2¦.¦ the¦ log¦,¦ which¦ keeps¦ it¦ for¦ everybody¦;
    ¦3¦.¦ a¦ cursor¦,¦ which¦ knows¦ that¦ one¦ reader¦ does¦ not¦ have¦ it¦ yet¦;
    ¦4¦.¦ the¦ framing¦ of¦ the¦ transport¦,¦ which¦ wraps¦ it¦;
    ¦5¦.¦ two¦ kernels¦,¦ and¦ whatever¦ lies¦ between¦ them¦;
    ¦6¦.¦ the¦ reader¦,¦ which¦ unw¦r¦aps¦ it¦ and¦ shows¦ it¦.
    """#,
    #"""
    Whatever¦ an¦ open¦ server¦ gives¦ away¦ needs¦ a¦ limit¦:

    ¦-¦ connections¦,¦ in¦ all¦ and¦ from¦ one¦ address¦
    ¦-¦ the¦ size¦ of¦ a¦ request¦,¦ of¦ its¦ head¦ and¦ of¦ a¦ message¦
    ¦-¦ the¦ time¦ that¦ a¦ request¦ may¦ take¦ to¦ arrive¦
    ¦-¦ streams¦ that¦ nobody¦ reads¦ any¦ more¦
    ¦-¦ the¦ text¦ that¦ is¦ held¦ for¦ readers¦ who¦ may¦ still¦ come¦ back
    """#,
    #"""
    How¦ to¦ choose¦,¦ in¦ four¦ questions¦:

    ¦-¦ Does¦ the¦ reader¦ also¦ talk¦ while¦ it¦ listens¦?¦ Take¦ a¦ WebSocket¦.
    ¦-¦ Does¦ the¦ question¦ have¦ to¦ be¦ posted¦,¦ or¦ does¦ it¦ need¦ a¦ header¦ field¦?¦ Take¦ a¦ streamed¦ fetch¦.
    ¦-¦ Is¦ a¦ delay¦ of¦ seconds¦ good¦ enough¦,¦ or¦ is¦ something¦ in¦ between¦ that¦ breaks¦ long¦ responses¦?¦ Poll¦.
    ¦-¦ Is¦ it¦ none¦ of¦ these¦?¦ Take¦ an¦ event¦ stream¦.
    """#,
    #"""
    Short¦ polling¦ asks¦ on¦ a¦ timer¦.¦ Whatever¦ was¦ written¦ since¦ the¦ last¦ question¦ waits¦ for¦ the¦ next¦ one¦,¦ so¦ a¦ token¦ is¦ late¦ by¦ half¦ the¦ interval¦ on¦ average¦,¦ and¦ by¦ the¦ whole¦ interval¦ at¦ worst¦.¦ A¦ shorter¦ interval¦ lowers¦ the¦ delay¦ and¦ costs¦ more¦ requests¦,¦ many¦ of¦ which¦ find¦ nothing¦ new¦.¦ No¦ interval¦ makes¦ the¦ delay¦ zero¦.
    """#,
    #"""
    A¦ long¦ poll¦ is¦ a¦ question¦ that¦ the¦ server¦ leaves¦ open¦ until¦ it¦ has¦ something¦ to¦ say¦.¦ As¦ soon¦ as¦ the¦ next¦ token¦ is¦ there¦,¦ the¦ answer¦ goes¦ out¦,¦ and¦ the¦ reader¦ asks¦ again¦ at¦ once¦.¦ Over¦ a¦ short¦ path¦ this¦ is¦ about¦ as¦ quick¦ as¦ a¦ push¦.¦ Over¦ a¦ long¦ one¦,¦ each¦ token¦ waits¦ for¦ the¦ next¦ question¦ to¦ arrive¦,¦ and¦ each¦ answer¦ still¦ pays¦ for¦ a¦ head¦ of¦ its¦ own¦.
    """#,
    #"""
    When¦ the¦ round¦ trip¦ takes¦ longer¦ than¦ the¦ gap¦ between¦ two¦ tokens¦,¦ a¦ long¦ poll¦ begins¦ to¦ bring¦ several¦ tokens¦ at¦ a¦ time¦.¦ While¦ the¦ next¦ request¦ is¦ on¦ its¦ way¦,¦ the¦ server¦ goes¦ on¦ writing¦,¦ and¦ the¦ answer¦ takes¦ everything¦ that¦ has¦ collected¦.¦ A¦ distant¦ reader¦ therefore¦ makes¦ fewer¦ requests¦ than¦ a¦ near¦ one¦,¦ and¦ sees¦ the¦ text¦ grow¦ in¦ l¦umps¦.
    """#,
    #"""
    An¦ event¦ stream¦ is¦ one¦ HTTP¦ response¦ that¦ does¦ not¦ end¦.¦ The¦ server¦ writes¦ a¦ few¦ lines¦ of¦ text¦ for¦ each¦ event¦,¦ and¦ a¦ blank¦ line¦ sends¦ it¦ off¦.¦ The¦ browser¦ parses¦ the¦ lines¦,¦ hands¦ each¦ event¦ to¦ the¦ page¦,¦ and¦ remembers¦ the¦ ID¦ of¦ the¦ last¦ one¦ that¦ it¦ saw¦.¦ When¦ the¦ connection¦ is¦ lost¦,¦ the¦ browser¦ reconnect¦s¦ by¦ itself¦ and¦ sends¦ that¦ ID¦ along¦,¦ so¦ that¦ the¦ server¦ can¦ go¦ on¦ where¦ it¦ was¦.
    """#,
    #"""
    With¦ a¦ streamed¦ fetch¦,¦ a¦ page¦ sends¦ an¦ ordinary¦ request¦ and¦ reads¦ the¦ body¦ of¦ the¦ response¦ while¦ it¦ is¦ still¦ arriving¦.¦ It¦ can¦ use¦ POST¦,¦ set¦ header¦ fields¦ and¦ choose¦ its¦ own¦ format¦,¦ none¦ of¦ which¦ Event¦Source¦ allows¦.¦ What¦ it¦ gives¦ up¦ is¦ the¦ reconnect¦ing¦.¦ When¦ the¦ response¦ breaks¦ off¦,¦ the¦ pending¦ read¦ fails¦,¦ and¦ the¦ rest¦ is¦ up¦ to¦ the¦ code¦ of¦ the¦ page¦.
    """#,
    #"""
    A¦ WebSocket¦ begins¦ as¦ an¦ HTTP¦ request¦ and¦ stops¦ being¦ one¦ as¦ soon¦ as¦ the¦ server¦ answers¦ with¦ ¦101¦.¦ From¦ then¦ on¦ both¦ sides¦ send¦ messages¦ whenever¦ they¦ like¦,¦ each¦ with¦ a¦ header¦ of¦ a¦ few¦ bytes¦.¦ This¦ suits¦ a¦ conversation¦ in¦ which¦ the¦ reader¦ has¦ as¦ much¦ to¦ say¦ as¦ the¦ server¦.¦ It¦ brings¦ no¦ reconnect¦ing¦ and¦ no¦ event¦ IDs¦:¦ whoever¦ needs¦ those¦ has¦ to¦ write¦ them¦.
    """#,
    #"""
    For¦ text¦ that¦ is¦ typed¦ while¦ it¦ is¦ generated¦,¦ an¦ event¦ stream¦ is¦ enough¦.¦ It¦ is¦ plain¦ HTTP¦,¦ it¦ arrives¦ as¦ soon¦ as¦ the¦ other¦ pushing¦ transports¦ do¦,¦ and¦ the¦ browser¦ already¦ has¦ the¦ code¦ that¦ reconnect¦s¦.¦ Take¦ a¦ streamed¦ fetch¦ where¦ the¦ question¦ has¦ to¦ be¦ posted¦ or¦ a¦ header¦ field¦ has¦ to¦ be¦ set¦,¦ and¦ a¦ WebSocket¦ where¦ the¦ reader¦ talks¦,¦ too¦.¦ Poll¦ing¦ is¦ for¦ the¦ cases¦ in¦ which¦ a¦ few¦ seconds¦ do¦ not¦ matter¦.
    """#,
    #"""
    To¦ stop¦ a¦ generation¦ is¦ to¦ send¦ something¦ in¦ the¦ other¦ direction¦.¦ On¦ a¦ WebSocket¦ it¦ is¦ a¦ message¦ over¦ the¦ connection¦ that¦ is¦ open¦ anyway¦.¦ Bes¦ide¦ an¦ event¦ stream¦ it¦ is¦ a¦ request¦ of¦ its¦ own¦,¦ or¦ the¦ reader¦ hangs¦ up¦ and¦ the¦ server¦ notices¦.¦ What¦ counts¦ is¦ how¦ soon¦ the¦ server¦ learns¦ of¦ it¦,¦ because¦ every¦ token¦ after¦ that¦ is¦ work¦ for¦ nobody¦.
    """#,
    #"""
    A¦ server¦ that¦ only¦ writes¦ learns¦ that¦ its¦ reader¦ has¦ left¦ when¦ a¦ write¦ fails¦,¦ and¦ the¦ first¦ write¦ after¦ the¦ reader¦ has¦ closed¦ the¦ connection¦ usually¦ succeeds¦.¦ A¦ server¦ that¦ also¦ watches¦ for¦ the¦ end¦ of¦ the¦ input¦ knows¦ at¦ once¦.¦ For¦ one¦ reader¦ the¦ difference¦ is¦ a¦ few¦ tokens¦.¦ For¦ a¦ full¦ house¦ it¦ is¦ an¦ accelerator¦ that¦ works¦ for¦ people¦ who¦ have¦ gone¦.
    """#,
    #"""
    A¦ proxy¦ that¦ collects¦ a¦ response¦ before¦ it¦ passes¦ it¦ on¦ turns¦ a¦ stream¦ into¦ a¦ download¦.¦ Each¦ token¦ is¦ generated¦ on¦ time¦,¦ and¦ the¦ reader¦ sees¦ all¦ of¦ them¦ at¦ once¦,¦ at¦ the¦ end¦.¦ Tell¦ the¦ proxy¦ not¦ to¦ buffer¦:¦ nginx¦,¦ for¦ example¦,¦ obe¦ys¦ the¦ header¦ field¦ `¦X¦-A¦cc¦el¦-¦Buffer¦ing¦:¦ no¦`.¦ Then¦ look¦ at¦ compression¦,¦ because¦ a¦ compressor¦ that¦ nobody¦ flush¦es¦ holds¦ bytes¦ back¦ as¦ well¦.
    """#,
    #"""
    Between¦ a¦ server¦ and¦ its¦ reader¦ stand¦ machines¦ that¦ belong¦ to¦ neither¦.¦ They¦ may¦ buffer¦,¦ compress¦,¦ cut¦ what¦ is¦ idle¦,¦ or¦ refuse¦ what¦ they¦ do¦ not¦ know¦.¦ An¦ event¦ stream¦ is¦ just¦ another¦ HTTP¦ response¦ to¦ them¦,¦ while¦ a¦ WebSocket¦ has¦ to¦ be¦ let¦ through¦ on¦ purpose¦.¦ TLS¦ helps¦ both¦,¦ since¦ a¦ machine¦ that¦ cannot¦ read¦ what¦ passes¦ through¦ it¦ usually¦ leaves¦ it¦ alone¦.
    """#,
    #"""
    A¦ silent¦ connection¦ and¦ a¦ dead¦ one¦ look¦ alike¦.¦ So¦ an¦ event¦ stream¦ sends¦ a¦ comment¦,¦ which¦ is¦ a¦ line¦ that¦ begins¦ with¦ a¦ colon¦,¦ whenever¦ it¦ has¦ been¦ quiet¦ for¦ a¦ while¦,¦ and¦ a¦ WebSocket¦ has¦ ping¦ frames¦ for¦ the¦ same¦ purpose¦.¦ The¦ page¦ is¦ told¦ of¦ neither¦.¦ But¦ a¦ proxy¦ that¦ closes¦ whatever¦ is¦ idle¦ sees¦ traffic¦,¦ and¦ a¦ server¦ that¦ writes¦ to¦ a¦ dead¦ connection¦ finds¦ out¦ in¦ the¦ end¦.
    """#,
    #"""
    The¦ worst¦ way¦ to¦ lose¦ a¦ connection¦ is¦ the¦ quiet¦ one¦.¦ A¦ reset¦ tells¦ both¦ ends¦.¦ A¦ network¦ that¦ merely¦ stops¦ delivering¦ packets¦ tells¦ neither¦,¦ and¦ each¦ end¦ waits¦ politely¦ for¦ the¦ other¦.¦ Only¦ a¦ timer¦ helps¦:¦ a¦ reader¦ that¦ has¦ heard¦ nothing¦ for¦ longer¦ than¦ the¦ server¦ is¦ ever¦ silent¦ has¦ to¦ give¦ up¦ the¦ connection¦ and¦ come¦ back¦ on¦ a¦ new¦ one¦.
    """#,
    #"""
    A¦ reader¦ that¦ comes¦ back¦ has¦ to¦ say¦ which¦ text¦ it¦ was¦ reading¦,¦ and¦ how¦ far¦ it¦ had¦ got¦.¦ A¦ position¦ alone¦ is¦ not¦ enough¦,¦ because¦ after¦ a¦ restart¦ the¦ same¦ position¦ may¦ lie¦ in¦ another¦ answer¦.¦ Here¦ each¦ text¦ has¦ a¦ name¦,¦ its¦ epoch¦,¦ which¦ is¦ made¦ from¦ the¦ question¦.¦ With¦ an¦ epoch¦ and¦ an¦ index¦,¦ any¦ server¦ that¦ can¦ generate¦ the¦ answer¦ can¦ also¦ continue¦ it¦.
    """#,
    #"""
    Code¦ that¦ survives¦ a¦ lost¦ connection¦ does¦ not¦ always¦ survive¦ a¦ restart¦ of¦ the¦ server¦.¦ A¦ server¦ that¦ was¦ started¦ anew¦ has¦ never¦ heard¦ of¦ the¦ stream¦,¦ however¦ often¦ the¦ browser¦ asks¦ for¦ it¦.¦ Somebody¦ has¦ to¦ ask¦ the¦ question¦ again¦,¦ and¦ that¦ somebody¦ is¦ the¦ page¦.¦ This¦ is¦ true¦ of¦ every¦ transport¦,¦ which¦ is¦ why¦ the¦ files¦ that¦ read¦ them¦ look¦ so¦ much¦ alike¦.
    """#,
    #"""
    When¦ a¦ server¦ comes¦ back¦,¦ so¦ do¦ all¦ of¦ its¦ readers¦.¦ If¦ they¦ all¦ wait¦ for¦ the¦ same¦ time¦,¦ they¦ arrive¦ as¦ one¦ crowd¦,¦ fail¦ together¦,¦ and¦ return¦ together¦.¦ Back¦-off¦ with¦ jitter¦ breaks¦ up¦ the¦ crowd¦:¦ each¦ reader¦ draws¦ its¦ wait¦ at¦ random¦ from¦ a¦ range¦ that¦ doubles¦ with¦ every¦ failed¦ attempt¦,¦ up¦ to¦ a¦ ceiling¦.¦ A¦ server¦ that¦ knows¦ better¦ says¦ so¦ with¦ `¦Retry¦-¦After¦`.
    """#,
    #"""
    How¦ long¦ a¦ browser¦ waits¦ before¦ it¦ opens¦ an¦ event¦ stream¦ again¦ is¦ up¦ to¦ the¦ server¦,¦ which¦ names¦ the¦ time¦ in¦ a¦ `¦retry¦`¦ field¦.¦ Without¦ that¦ field¦ every¦ browser¦ has¦ a¦ default¦ of¦ its¦ own¦,¦ usually¦ a¦ few¦ seconds¦.¦ So¦ an¦ event¦ stream¦ that¦ comes¦ back¦ slowly¦ is¦ no¦ reason¦ to¦ prefer¦ a¦ WebSocket¦.¦ It¦ is¦ a¦ reason¦ to¦ set¦ the¦ field¦.
    """#,
    #"""
    All¦ tokens¦ of¦ an¦ answer¦ are¦ kept¦ once¦,¦ in¦ a¦ log¦ that¦ only¦ grows¦.¦ A¦ reader¦ is¦ a¦ cursor¦ into¦ this¦ log¦:¦ an¦ index¦ and¦ a¦ connection¦,¦ without¦ a¦ queue¦ of¦ its¦ own¦.¦ Whatever¦ a¦ slow¦ reader¦ has¦ not¦ taken¦ yet¦ stays¦ where¦ it¦ is¦,¦ and¦ costs¦ nothing¦ extra¦.¦ So¦ a¦ thousand¦ readers¦ of¦ one¦ answer¦ hold¦ a¦ thousand¦ positions¦,¦ not¦ a¦ thousand¦ copies¦ of¦ the¦ text¦.
    """#,
    #"""
    A¦ reader¦ that¦ has¦ stopped¦ reading¦ does¦ not¦ hang¦ up¦.¦ Its¦ window¦ closes¦,¦ the¦ kernel¦ keeps¦ what¦ was¦ already¦ handed¦ over¦,¦ and¦ the¦ next¦ write¦ finds¦ no¦ room¦.¦ Now¦ the¦ server¦ has¦ to¦ choose¦.¦ It¦ can¦ queue¦ the¦ rest¦ in¦ memory¦,¦ it¦ can¦ wait¦ and¦ hold¦ up¦ everyone¦ else¦,¦ or¦ it¦ can¦ leave¦ this¦ one¦ connection¦ alone¦ until¦ there¦ is¦ room¦ again¦.¦ Only¦ the¦ last¦ of¦ the¦ three¦ can¦ go¦ on¦ for¦ long¦.
    """#,
    #"""
    Pat¦ience¦ needs¦ an¦ end¦.¦ A¦ laptop¦ that¦ was¦ shut¦ in¦ the¦ middle¦ of¦ an¦ answer¦ would¦ otherwise¦ keep¦ its¦ place¦ for¦ ever¦.¦ So¦ a¦ server¦ lets¦ go¦ of¦ a¦ reader¦ that¦ has¦ taken¦ nothing¦ for¦ some¦ time¦,¦ and¦ it¦ does¦ so¦ with¦ a¦ reset¦,¦ because¦ there¦ is¦ no¦ way¦ left¦ to¦ say¦ anything¦ to¦ it¦.¦ If¦ the¦ reader¦ wakes¦ up¦ in¦ time¦,¦ it¦ reconnect¦s¦ and¦ asks¦ for¦ the¦ rest¦.
    """#,
    #"""
    The¦ gap¦ between¦ two¦ arrivals¦ fl¦atters¦ polling¦.¦ Tokens¦ that¦ come¦ in¦ the¦ same¦ response¦ have¦ no¦ gap¦ at¦ all¦,¦ so¦ the¦ median¦ looks¦ excellent¦ although¦ every¦ one¦ of¦ them¦ was¦ late¦.¦ Delay¦ is¦ the¦ more¦ honest¦ measure¦:¦ the¦ instant¦ at¦ which¦ a¦ token¦ arrived¦,¦ minus¦ the¦ instant¦ at¦ which¦ it¦ was¦ meant¦ to¦ be¦ there¦.¦ It¦ cannot¦ be¦ improved¦ by¦ delivering¦ late¦ and¦ all¦ at¦ once¦.
    """#,
    #"""
    A¦ server¦ that¦ decides¦ when¦ the¦ clock¦ starts¦ can¦ hide¦ that¦ it¦ is¦ late¦.¦ If¦ the¦ time¦ is¦ taken¦ from¦ the¦ moment¦ when¦ it¦ got¦ round¦ to¦ sending¦,¦ then¦ a¦ long¦ pause¦ is¦ simply¦ never¦ seen¦.¦ So¦ the¦ schedule¦ is¦ fixed¦ beforehand¦.¦ It¦ is¦ computed¦ from¦ the¦ prompt¦ and¦ a¦ seed¦,¦ on¦ both¦ sides¦,¦ and¦ whatever¦ comes¦ after¦ its¦ instant¦ counts¦ as¦ late¦,¦ whoever¦ was¦ to¦ blame¦.
    """#,
    #"""
    One¦ run¦ is¦ an¦ anecd¦ote¦.¦ Several¦ trials¦ give¦ a¦ median¦ and¦ an¦ interval¦ around¦ it¦,¦ and¦ an¦ interval¦ whose¦ ends¦ are¦ two¦ of¦ the¦ measured¦ values¦ assumes¦ nothing¦ about¦ how¦ the¦ rest¦ are¦ distributed¦.¦ Where¦ the¦ interval¦ of¦ a¦ difference¦ contains¦ zero¦,¦ no¦ difference¦ was¦ shown¦.¦ That¦ is¦ not¦ the¦ same¦ as¦ showing¦ that¦ there¦ is¦ none¦:¦ the¦ width¦ of¦ the¦ interval¦ says¦ how¦ large¦ it¦ could¦ still¦ be¦.
    """#,
    #"""
    Before¦ an¦ experiment¦ is¦ believed¦,¦ the¦ laboratory¦ has¦ to¦ find¦ nothing¦ where¦ there¦ is¦ nothing¦.¦ So¦ each¦ transport¦ is¦ entered¦ twice¦ and¦ compared¦ with¦ itself¦.¦ If¦ the¦ two¦ differ¦,¦ then¦ the¦ order¦ of¦ the¦ trials¦ mattered¦,¦ or¦ the¦ server¦ was¦ still¦ warming¦ up¦,¦ or¦ the¦ interval¦ was¦ too¦ narrow¦.¦ It¦ is¦ a¦ dull¦ experiment¦,¦ and¦ all¦ the¦ others¦ rest¦ on¦ it¦.
    """#,
    #"""
    A¦ percentile¦ far¦ out¦ in¦ the¦ tail¦ needs¦ samples¦ beyond¦ it¦,¦ and¦ they¦ have¦ to¦ be¦ independent¦.¦ When¦ one¦ pause¦ of¦ the¦ machine¦ makes¦ a¦ hundred¦ tokens¦ late¦,¦ that¦ is¦ one¦ event¦ and¦ not¦ a¦ hundred¦.¦ Count¦ing¦ each¦ of¦ them¦ would¦ make¦ the¦ tail¦ look¦ far¦ better¦ known¦ than¦ it¦ is¦.¦ It¦ is¦ more¦ honest¦ to¦ leave¦ the¦ column¦ empty¦ than¦ to¦ fill¦ it¦ with¦ an¦ accident¦.
    """#,
    #"""
    Write¦ the¦ prediction¦ down¦ before¦ the¦ run¦.¦ Afterwards¦ every¦ result¦ looks¦ as¦ if¦ one¦ had¦ expected¦ it¦,¦ and¦ nobody¦ remembers¦ what¦ was¦ surprising¦.¦ A¦ wrong¦ prediction¦ that¦ is¦ still¦ on¦ the¦ page¦ is¦ worth¦ more¦ than¦ a¦ right¦ one¦ that¦ was¦ added¦ later¦.¦ It¦ shows¦ where¦ the¦ arithmetic¦ stopped¦ being¦ a¦ description¦ of¦ the¦ machine¦.
    """#,
    #"""
    The¦ order¦ in¦ which¦ things¦ are¦ measured¦ is¦ an¦ influence¦ of¦ its¦ own¦.¦ Whatever¦ comes¦ first¦ meets¦ cold¦ caches¦,¦ and¦ whatever¦ comes¦ last¦ meets¦ a¦ machine¦ that¦ has¦ been¦ busy¦ for¦ a¦ while¦.¦ So¦ the¦ order¦ is¦ drawn¦ anew¦ in¦ each¦ trial¦,¦ a¦ first¦ trial¦ is¦ thrown¦ away¦,¦ and¦ two¦ transports¦ are¦ compared¦ within¦ the¦ same¦ trial¦,¦ on¦ the¦ same¦ schedule¦,¦ reader¦ by¦ reader¦.
    """#,
    #"""
    Over¦ loop¦back¦ there¦ is¦ no¦ distance¦,¦ nothing¦ is¦ lost¦,¦ and¦ nothing¦ is¦ ever¦ full¦.¦ That¦ makes¦ it¦ a¦ good¦ place¦ to¦ compare¦ protocols¦,¦ because¦ little¦ else¦ can¦ move¦.¦ It¦ is¦ a¦ bad¦ place¦ to¦ predict¦ what¦ somebody¦ far¦ away¦ will¦ see¦.¦ Over¦ a¦ network¦ every¦ request¦ costs¦ a¦ round¦ trip¦,¦ and¦ a¦ transport¦ that¦ asks¦ for¦ each¦ token¦ pays¦ for¦ it¦ with¦ each¦ token¦.
    """#,
    #"""
    On¦ a¦ single¦ machine¦ the¦ kernel¦ does¦ part¦ of¦ the¦ receiver¦'s¦ work¦ inside¦ the¦ sender¦'s¦ process¦.¦ So¦ the¦ processor¦ time¦ of¦ a¦ server¦ depends¦ on¦ who¦ was¦ charged¦ for¦ what¦,¦ and¦ not¦ only¦ on¦ what¦ had¦ to¦ be¦ done¦.¦ A¦ pushed¦ token¦ looks¦ dear¦er¦ than¦ it¦ is¦,¦ and¦ a¦ request¦ looks¦ cheaper¦.¦ Only¦ the¦ time¦ of¦ both¦ ends¦ together¦ can¦ be¦ compared¦.
    """#,
    #"""
    A¦ token¦ of¦ four¦ letters¦ is¦ smaller¦ than¦ what¦ it¦ is¦ wrapped¦ in¦.¦ An¦ event¦ repeats¦ its¦ field¦ names¦ and¦ its¦ ID¦,¦ a¦ chunk¦ adds¦ its¦ length¦,¦ and¦ the¦ token¦ itself¦ travels¦ inside¦ some¦ JSON¦.¦ A¦ WebSocket¦ frame¦ adds¦ the¦ least¦.¦ For¦ long¦ pieces¦ of¦ text¦ none¦ of¦ this¦ matters¦,¦ but¦ text¦ that¦ comes¦ word¦ by¦ word¦ is¦ mostly¦ wrapping¦.
    """#,
    #"""
    Header¦ fields¦ are¦ paid¦ for¦ by¦ the¦ request¦.¦ An¦ event¦ stream¦ pays¦ for¦ them¦ once¦ an¦ answer¦,¦ and¦ a¦ long¦ poll¦ pays¦ for¦ them¦ with¦ every¦ token¦.¦ A¦ browser¦ sends¦ far¦ more¦ of¦ them¦ than¦ a¦ small¦ test¦ program¦ does¦,¦ so¦ polling¦ from¦ a¦ page¦ costs¦ more¦ than¦ a¦ quick¦ experiment¦ suggests¦.¦ HTTP¦/¦2¦ compress¦es¦ them¦,¦ which¦ makes¦ polling¦ cheaper¦ but¦ not¦ free¦.
    """#,
    #"""
    Com¦pressed¦ messages¦ save¦ bytes¦ and¦ cost¦ memory¦.¦ A¦ message¦ is¦ short¦ because¦ it¦ refers¦ to¦ the¦ ones¦ before¦ it¦,¦ so¦ each¦ connection¦ needs¦ a¦ compressor¦ of¦ its¦ own¦ that¦ remembers¦ them¦.¦ The¦ same¦ text¦ has¦ to¦ be¦ compressed¦ again¦ for¦ every¦ reader¦,¦ even¦ if¦ a¦ thousand¦ of¦ them¦ read¦ the¦ same¦ answer¦.¦ Whether¦ that¦ is¦ a¦ good¦ bargain¦ depends¦ on¦ which¦ of¦ the¦ two¦ is¦ scarce¦.
    """#,
    #"""
    Over¦ HTTP¦/¦1¦.¦1¦ a¦ browser¦ opens¦ at¦ most¦ six¦ connections¦ to¦ one¦ host¦.¦ Six¦ tabs¦ with¦ an¦ event¦ stream¦ each¦ use¦ all¦ of¦ them¦,¦ and¦ the¦ seventh¦ tab¦ waits¦,¦ without¦ any¦ message¦ that¦ would¦ say¦ why¦.¦ HTTP¦/¦2¦ removes¦ the¦ problem¦,¦ because¦ it¦ carries¦ many¦ streams¦ over¦ one¦ connection¦.¦ Web¦S¦ockets¦ are¦ counted¦ separately¦,¦ and¦ their¦ limit¦ is¦ much¦ higher¦.
    """#,
    #"""
    What¦ a¦ reader¦ feels¦ first¦ is¦ the¦ wait¦ for¦ the¦ first¦ token¦.¦ Before¦ it¦ come¦ the¦ connection¦,¦ the¦ question¦,¦ and¦ the¦ request¦ that¦ reads¦ the¦ answer¦,¦ and¦ each¦ of¦ them¦ is¦ a¦ round¦ trip¦.¦ Asking¦ and¦ reading¦ in¦ a¦ single¦ request¦ saves¦ one¦ of¦ the¦ three¦.¦ Once¦ the¦ model¦ thinks¦ for¦ longer¦ than¦ a¦ trip¦ takes¦,¦ nobody¦ notices¦ the¦ trips¦ any¦ more¦.
    """#,
    #"""
    A¦ WebSocket¦ may¦ not¦ send¦ its¦ first¦ message¦ until¦ the¦ server¦ has¦ accepted¦ the¦ handshake¦.¦ So¦ asking¦ over¦ the¦ socket¦ saves¦ a¦ request¦,¦ but¦ it¦ does¦ not¦ save¦ a¦ round¦ trip¦.¦ An¦ event¦ stream¦ that¦ carries¦ the¦ question¦ in¦ its¦ address¦ does¦ save¦ one¦.¦ The¦ difference¦ is¦ easy¦ to¦ miss¦ on¦ a¦ desk¦ where¦ both¦ ends¦ share¦ one¦ machine¦.
    """#,
    #"""
    Small¦ writes¦ meet¦ an¦ old¦ optimization¦.¦ Nag¦le¦'s¦ algorithm¦ holds¦ a¦ short¦ segment¦ back¦ while¦ an¦ earlier¦ one¦ has¦ not¦ been¦ acknowledged¦,¦ and¦ the¦ receiver¦ may¦ delay¦ that¦ acknowledgement¦ in¦ the¦ hope¦ that¦ it¦ can¦ travel¦ with¦ some¦ data¦.¦ Together¦ they¦ can¦ keep¦ a¦ token¦ waiting¦ long¦ enough¦ to¦ be¦ seen¦.¦ A¦ server¦ that¦ types¦ its¦ text¦ turns¦ the¦ first¦ of¦ them¦ off¦,¦ with¦ `¦TCP¦_NODE¦LAY¦`.
    """#,
    #"""
    Without¦ a¦ known¦ length¦,¦ an¦ HTTP¦/¦1¦.¦1¦ response¦ is¦ sent¦ in¦ chunks¦:¦ the¦ size¦ in¦ hexadecimal¦,¦ a¦ line¦ break¦,¦ so¦ many¦ bytes¦,¦ and¦ another¦ line¦ break¦.¦ A¦ chunk¦ of¦ size¦ zero¦ is¦ the¦ end¦.¦ If¦ the¦ connection¦ closes¦ before¦ that¦,¦ the¦ reader¦ knows¦ that¦ something¦ is¦ missing¦ —¦ which¦ is¦ more¦ than¦ can¦ be¦ said¦ of¦ a¦ response¦ that¦ simply¦ ends¦ with¦ its¦ connection¦.
    """#,
    #"""
    Bytes¦ do¦ not¦ arrive¦ in¦ characters¦.¦ A¦ read¦ may¦ end¦ in¦ the¦ middle¦ of¦ a¦ letter¦,¦ of¦ an¦ emoji¦ or¦ of¦ a¦ line¦,¦ and¦ a¦ reader¦ that¦ dec¦odes¦ every¦ piece¦ by¦ itself¦ will¦ sooner¦ or¦ later¦ show¦ a¦ question¦ mark¦ in¦ a¦ black¦ diamond¦.¦ The¦ cure¦ is¦ to¦ decode¦ a¦ stream¦ as¦ a¦ stream¦:¦ keep¦ the¦ incomplete¦ bytes¦,¦ and¦ put¦ the¦ next¦ piece¦ behind¦ them¦.
    """#,
    #"""
    A¦ token¦ can¦ be¦ less¦ than¦ what¦ a¦ person¦ would¦ call¦ a¦ character¦.¦ An¦ accent¦ may¦ follow¦ its¦ letter¦,¦ and¦ a¦ picture¦ of¦ a¦ family¦ is¦ several¦ people¦ who¦ are¦ held¦ together¦ by¦ invisible¦ join¦ers¦.¦ So¦ a¦ page¦ has¦ to¦ append¦ what¦ arrives¦ to¦ the¦ text¦ that¦ is¦ already¦ there¦.¦ One¦ that¦ puts¦ every¦ token¦ into¦ a¦ box¦ of¦ its¦ own¦ draws¦ the¦ pieces¦.
    """#,
    #"""
    Text¦ from¦ a¦ model¦ is¦ not¦ markup¦.¦ A¦ page¦ that¦ inserts¦ it¦ with¦ `¦innerHTML¦`¦ lets¦ the¦ answer¦ decide¦ what¦ the¦ page¦ does¦,¦ while¦ `¦textContent¦`¦ shows¦ the¦ same¦ characters¦ and¦ obe¦ys¦ none¦ of¦ them¦.¦ It¦ is¦ tempting¦ to¦ think¦ that¦ no¦ answer¦ will¦ ever¦ contain¦ a¦ "<¦b¦>"¦ or¦ an¦ "&¦amp¦;¦".¦ This¦ one¦ just¦ did¦.
    """#,
    #"""
    The¦ same¦-origin¦ policy¦ does¦ not¦ cover¦ the¦ WebSocket¦ handshake¦.¦ Any¦ page¦ may¦ open¦ a¦ socket¦ to¦ any¦ server¦,¦ and¦ the¦ browser¦ may¦ send¦ the¦ visitor¦'s¦ cookies¦ along¦.¦ So¦ the¦ server¦ itself¦ has¦ to¦ look¦ at¦ the¦ `¦Origin¦`¦ field¦ and¦ refuse¦ the¦ pages¦ that¦ it¦ does¦ not¦ know¦.¦ It¦ takes¦ a¦ line¦ of¦ code¦,¦ and¦ it¦ is¦ the¦ line¦ that¦ gets¦ forgotten¦.
    """#,
    #"""
    A¦ server¦ that¦ listens¦ only¦ on¦ the¦ loop¦back¦ interface¦ is¦ not¦ out¦ of¦ reach¦.¦ A¦ page¦ from¦ elsewhere¦ can¦ make¦ its¦ own¦ name¦ point¦ to¦ ¦127¦.¦0¦.¦0¦.¦1¦,¦ and¦ then¦ talk¦ to¦ the¦ server¦ as¦ if¦ it¦ were¦ its¦ own¦.¦ This¦ is¦ called¦ DNS¦ reb¦inding¦.¦ Checking¦ the¦ `¦Host¦`¦ field¦ closes¦ the¦ door¦,¦ because¦ the¦ name¦ in¦ the¦ request¦ is¦ not¦ one¦ of¦ the¦ names¦ that¦ the¦ server¦ goes¦ by¦.
    """#,
    #"""
    Event¦Source¦ cannot¦ set¦ header¦ fields¦,¦ and¦ neither¦ can¦ a¦ browser¦'s¦ WebSocket¦.¦ So¦ an¦ access¦ token¦ tends¦ to¦ end¦ up¦ in¦ the¦ address¦,¦ and¦ addresses¦ are¦ kept¦ in¦ logs¦,¦ in¦ histories¦ and¦ in¦ the¦ memory¦ of¦ proxies¦.¦ If¦ it¦ cannot¦ be¦ avoided¦,¦ such¦ a¦ token¦ should¦ at¦ least¦ be¦ worth¦ little¦:¦ made¦ for¦ one¦ purpose¦,¦ and¦ valid¦ for¦ a¦ short¦ time¦.
    """#,
    #"""
    An¦ idle¦ reader¦ costs¦ memory¦ and¦ almost¦ nothing¦ else¦.¦ Part¦ of¦ it¦ belongs¦ to¦ the¦ server¦ and¦ part¦ to¦ the¦ kernel¦,¦ and¦ every¦ connection¦ takes¦ a¦ file¦ descriptor¦ besides¦.¦ Which¦ of¦ them¦ runs¦ out¦ first¦ depends¦ on¦ the¦ machine¦.¦ It¦ is¦ worth¦ working¦ out¦ on¦ paper¦,¦ because¦ nobody¦ has¦ a¦ million¦ readers¦ at¦ hand¦ to¦ try¦ it¦ with¦.
    """#,
    #"""
    A¦ busy¦ server¦ pays¦ less¦ for¦ a¦ token¦ than¦ an¦ idle¦ one¦.¦ To¦ be¦ w¦oken¦ costs¦ the¦ same¦ whether¦ one¦ token¦ is¦ due¦ or¦ ten¦,¦ and¦ with¦ enough¦ readers¦ there¦ is¦ always¦ something¦ due¦.¦ So¦ a¦ straight¦ line¦ from¦ a¦ few¦ readers¦ to¦ a¦ million¦ asks¦ for¦ far¦ too¦ many¦ processors¦.¦ It¦ is¦ better¦ to¦ measure¦ where¦ the¦ server¦ is¦ busiest¦,¦ and¦ to¦ scale¦ from¦ there¦.
    """#,
    #"""
    When¦ many¦ readers¦ follow¦ the¦ same¦ answer¦,¦ its¦ tokens¦ have¦ to¦ be¦ framed¦ only¦ once¦.¦ The¦ bytes¦ of¦ an¦ event¦ are¦ the¦ same¦ for¦ everyone¦,¦ down¦ to¦ the¦ ID¦,¦ so¦ they¦ can¦ be¦ made¦ when¦ the¦ token¦ appears¦ and¦ then¦ written¦ to¦ each¦ connection¦ as¦ they¦ are¦.¦ A¦ compressor¦ or¦ a¦ key¦ for¦ each¦ reader¦ would¦ put¦ an¦ end¦ to¦ that¦.
    """#,
    #"""
    The¦ least¦ code¦ that¦ works¦ is¦ easy¦ to¦ compare¦,¦ and¦ it¦ says¦ little¦.¦ Every¦ transport¦ can¦ be¦ read¦ in¦ a¦ screen¦ful¦ of¦ JavaScript¦ as¦ long¦ as¦ nothing¦ goes¦ wrong¦.¦ Most¦ of¦ what¦ a¦ careful¦ reader¦ does¦ is¦ about¦ the¦ rest¦:¦ to¦ notice¦ the¦ silence¦,¦ to¦ wait¦ before¦ it¦ tries¦ again¦,¦ to¦ ask¦ for¦ the¦ right¦ place¦,¦ and¦ to¦ know¦ when¦ the¦ answer¦ is¦ over¦.
    """#,
    #"""
    A¦ naï¦ve¦ reader¦ polls¦ on¦ a¦ timer¦ and¦ never¦ checks¦ whether¦ the¦ previous¦ answer¦ has¦ arrived¦.¦ On¦ a¦ slow¦ line¦ the¦ requests¦ over¦take¦ each¦ other¦,¦ two¦ answers¦ bring¦ the¦ same¦ words¦,¦ and¦ the¦ page¦ st¦ammers¦.¦ A¦ careful¦ one¦ waits¦ for¦ an¦ answer¦ before¦ it¦ asks¦ again¦,¦ and¦ puts¦ the¦ number¦ of¦ the¦ next¦ token¦ into¦ the¦ question¦.
    """#,
    #"""
    An¦ end¦ that¦ is¦ not¦ announced¦ looks¦ like¦ a¦ failure¦.¦ If¦ a¦ server¦ just¦ closes¦ an¦ event¦ stream¦ when¦ the¦ text¦ is¦ complete¦,¦ the¦ browser¦ reconnect¦s¦,¦ gets¦ a¦ short¦ answer¦ again¦,¦ and¦ goes¦ on¦ like¦ that¦ for¦ as¦ long¦ as¦ the¦ tab¦ is¦ open¦.¦ So¦ the¦ last¦ event¦ should¦ say¦ that¦ it¦ is¦ the¦ last¦,¦ and¦ the¦ page¦ should¦ close¦ the¦ stream¦ when¦ it¦ sees¦ it¦.¦ A¦ status¦ of¦ ¦204¦ also¦ tells¦ the¦ browser¦ to¦ stay¦ away¦.
    """#,
  ]
}
