using Lae.Host.Sampling;

namespace Lae.Tests.Host;

/// <summary>Names of quantities become variables with axes.</summary>
public class QuantityLayoutTests
{
    [Fact]
    public void IndexedNamesBecomeOneVariableInTheOrderOfTheirIndices()
    {
        QuantityLayout layout = QuantityLayout.Of(["mu", "L[1,1]", "L[2,1]", "L[1,2]", "L[2,2]", "theta[2]", "theta[1]"]);
        Assert.Equal(["mu", "L", "theta"], layout.Variables.Select(variable => variable.Name));
        Assert.Equal([1, 4, 2], layout.Variables.Select(variable => variable.Size));
        Assert.Equal(["L_dim_0", "L_dim_1"], layout.Variables[1].Dimensions.Select(axis => axis.Name));
        Assert.Equal((1, 2), layout.Place(2));
        Assert.Equal((1, 1), layout.Place(3));
        Assert.Equal((2, 0), layout.Place(6));

        // two chains
        double[][] arranged = [.. layout.Arrange([0, 11, 21, 12, 22, 2, 1, 100, 111, 121, 112, 122, 102, 101]).Select(values => values.ToArray())];
        Assert.Equal([0, 100], arranged[0]);
        Assert.Equal([11, 12, 21, 22, 111, 112, 121, 122], arranged[1]);
        Assert.Equal([1, 2, 101, 102], arranged[2]);
    }

    [Fact]
    public void NamedPlacesBecomeLabels()
    {
        QuantityLayout layout = QuantityLayout.Of(["beta[age]", "beta[body mass]", "sigma"]);
        Assert.Equal(["beta", "sigma"], layout.Variables.Select(variable => variable.Name));
        Assert.Equal(["age", "body mass"], layout.Variables[0].Dimensions[0].Labels);
    }

    [Theory]
    [InlineData("a[1]", "a[3]")]
    [InlineData("a[1]", "a[1,1]")]
    [InlineData("a[2,1]", "a[1,2]")]
    [InlineData("a", "a[1]")]
    [InlineData("a[x,1]", "a[y,2]")]
    public void WhatIsNoBoxStaysApart(params string[] names) => Assert.Equal(names, QuantityLayout.Of(names).Variables.Select(variable => variable.Name));

    [Fact]
    public void NamesThatAFileSystemRefusesOrThatAreTakenGetOthers() =>
        Assert.Equal(["a_b", "a_b_", "chain_", "_.c"], QuantityLayout.Of(["a/b", "a:b", "chain", ".c"]).Variables.Select(variable => variable.Name));
}
