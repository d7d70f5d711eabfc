namespace Lae.Tests.Laws;

/// <summary>
/// Says which law a test proves of which kernels: from these attributes <c>docs/laws.md</c> is generated. A law is named as in the catalogue (<c>I-27</c>, <c>R-5</c>), or several as <c>R-1…R-11</c>, a kernel as its column
/// (<c>BAOAB</c>); a name that the catalogue does not have fails <c>LawTableTests</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class ProvesAttribute(string law, params string[] kernels) : Attribute
{
    /// <summary>The law, or the first and the last of several with … between.</summary>
    public string Law { get; } = law;

    /// <summary>The kernels of which the test proves it.</summary>
    public IReadOnlyList<string> Kernels { get; } = kernels;
}
