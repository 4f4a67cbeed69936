internal import GS1

/// What a person sees where the node has no page that verifies: how to verify, and that nothing was verified here.
enum PlainPage {
    /// The page about a code.
    static func text(_ request: ResolvedLink) -> String {
        let code = ElementString(request.link.elements)?.text ?? ""
        let linkset = "\(request.path)?linkType=linkset"
        return """
            <!doctype html><html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1"><title>\(escaped(code))</title>
            <style>body{font:1rem/1.5 system-ui,sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem}\
            code,pre{overflow-wrap:anywhere;white-space:pre-wrap}</style></head><body>
            <h1><code>\(escaped(code))</code></h1>
            <p>Nothing was checked here. This site only tells what the code says; anybody can print a code, and anybody can run a
            site. Who issued it is shown by its signature, on your own device, with what you trust:</p>
            <pre>traceledger stamp verify 'CODE'</pre>
            <p><a href="\(escaped(linkset))">What this site has about it</a></p>
            <p lang="zh">此处未作任何查验。本网站只显示代码所写的内容；任何人都能印制代码，任何人都能开设网站。
            代码由谁签发，须在您自己的设备上、用您信任的资料核对其签名：<code>traceledger stamp verify 'CODE'</code></p>
            </body></html>
            """
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}
