using Lae.Host.Reports;

namespace Lae.Tests.Host.Reports;

/// <summary>No more digits than the error supports.</summary>
public sealed class FigureTextTests
{
    [Theory]
    [InlineData(1.23456, 0.0123, "1.235", "0.012")]
    [InlineData(1.23456, 0.05, "1.23", "0.05")]
    [InlineData(-0.0004, 0.05, "0.00", "0.05")]
    [InlineData(123456.7, 2345, "123500", "2300")]
    [InlineData(123456.7, 7000, "123000", "7000")]
    [InlineData(3, 20, "3", "20")]
    [InlineData(3, 50, "0", "50")]
    [InlineData(1.5e12, 3e10, "1.50e+12", "3e+10")]
    [InlineData(2.5e-9, 3e-11, "2.50e-9", "3e-11")]
    [InlineData(0, 0.1, "0.00", "0.10")]
    [InlineData(3.14159265358979, 1e-30, "3.141593", "1.0e-30")]
    [InlineData(2.5, 0, "2.500", "0")]
    [InlineData(2.5, double.NaN, "2.500", "–")]
    [InlineData(double.NaN, 0.1, "–", "0.10")]
    [InlineData(double.PositiveInfinity, double.NaN, "–", "–")]
    public void NumbersHaveTheDigitsThatTheirErrorSupports(double value, double error, string text, string errorText)
    {
        Assert.Equal(text, FigureText.Rounded(value, error));
        Assert.Equal(errorText, FigureText.Error(error));
    }

    [Fact]
    public void DiagnosticsAreShort()
    {
        Assert.Equal(["1.001", "1.21", "12.3", ">100", "–"], new[] { 1.0012, 1.2149, 12.34, 2e14, double.NaN }.Select(FigureText.Reduction));
        Assert.Equal(["3,921", "4", "–"], new[] { 3921.9, 4, double.NaN }.Select(FigureText.Size));
    }
}
