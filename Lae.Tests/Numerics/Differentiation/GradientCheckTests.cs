using Lae.Numerics;
using Xunit.Sdk;

namespace Lae.Tests.Numerics;

/// <summary>The control: the harness must reject derivatives that are wrong, a little or altogether.</summary>
public sealed class GradientCheckTests
{
    private static readonly Tensor X = Given.AwayFromZero(new Shape(2, 3), 1);

    [Fact]
    public void ARightHandWrittenRulePasses() => GradientCheck.Against(x => Planted(x, (_, y, g) => g * (1 - y.Square())), X);

    [Fact]
    public void AWrongFormulaIsRejected() => AssertRejected((_, y, g) => g * (1 - y));

    [Fact]
    public void AWrongSignIsRejected() => AssertRejected((_, y, g) => -(g * (1 - y.Square())));

    [Fact]
    public void ARelativeErrorOfAFewMillionthsIsRejected() => AssertRejected((_, y, g) => (1 + 4e-6) * (g * (1 - y.Square())));

    [Fact]
    public void AGradientThatIgnoresTheIncomingOneIsRejected() => AssertRejected((_, y, _) => 1 - y.Square());

    [Fact]
    public void OneWrongElementIsRejected() =>
        AssertRejected((x, y, g) => g * (1 - y.Square()) * Tensor.FromArray([1, 1, 1, 1, 1, 1 - 1e-4], 2, 3).Cast(x.DType));

    [Fact]
    public void ANotANumberIsRejected() => AssertRejected((_, y, g) => g * (1 - y.Square()) * double.NaN);

    [Fact]
    public void AGradientThatIsLostIsRejected() => Assert.ThrowsAny<XunitException>(() => GradientCheck.Against(x => x * x.Untracked, X));

    private static void AssertRejected(Func<Tensor, Tensor, Tensor, Tensor> rule) =>
        Assert.ThrowsAny<XunitException>(() => GradientCheck.Against(x => Planted(x, rule), X));

    private static Tensor Planted(Tensor x, Func<Tensor, Tensor, Tensor, Tensor> rule)
    {
        Tensor y = x.Untracked.Tanh();
        return x.IsTracked ? y.Tracked((x, y), (of, g, flow) => flow.Add(of.x, rule(of.x.Untracked, of.y, g)), x) : y;
    }
}
